#include "run/stage_internal.h"

#include <stdio.h>

/* What every program finds in its environment, whoever started the grader. */
static const char *const common_env[] = {
	"PATH=/usr/local/bin:/usr/bin:/bin",
	"HOME=/work",
	"USER=etudiant",
	"LOGNAME=etudiant",
	"LANG=C.UTF-8",
	"TERM=dumb",
	"SHELL=/bin/sh",
};

/*
 * A memory error ends the program; what is leaked is not asked (the leak checker cannot work while traced). The report goes to
 * a file, so that it is found whatever the program does with its stderr.
 */
static const char *const asan_env =
	"ASAN_OPTIONS=detect_leaks=0:exitcode=99:color=never:detect_stack_use_after_return=1:handle_abort=1:"
	"allow_user_segv_handler=1:log_path=/tmp/.asan";

static char *const *environment(struct stage *s, const struct run_params *run)
{
	size_t n = ARRAY_SIZE(common_env);
	char **env = arena_array(s->arena, n + run->env.n + 2, sizeof *env);
	for (size_t i = 0; i < n; i++)
		env[i] = arena_strdup(s->arena, common_env[i]);
	for (size_t i = 0; i < run->env.n; i++)
		env[n++] = arena_strdup(s->arena, run->env.at[i]);
	if (s->c->variant == VARIANT_ASAN)
		env[n++] = arena_strdup(s->arena, asan_env);
	return env;
}

static struct box_program program_of(struct stage *s, const struct run_params *run,
				     const struct filter *filter)
{
	bool inside = strchr(run->argv.at[0], '/') != NULL; /* a program of the box itself */
	char **argv = arena_array(s->arena, run->argv.n + 1, sizeof *argv);
	for (size_t i = 0; i < run->argv.n; i++)
		argv[i] = arena_strdup(s->arena, run->argv.at[i]);
	if (!inside)
		argv[0] = arena_printf(s->arena, "./%s", run->argv.at[0]); /* as a shell would start it */
	return (struct box_program){
		.path = inside ? argv[0] : arena_printf(s->arena, "/prog/%s", run->argv.at[0]),
		.argv = argv,
		.envp = environment(s, run),
		.cwd = "/work",
		.std = { (enum box_std)run->stdin_is, (enum box_std)run->stdout_is,
			 (enum box_std)run->stderr_is },
		.filter = filter,
	};
}

static unsigned watch_of_steps(const struct steps *steps)
{
	unsigned watch = 0;
	for (size_t i = 0; i < steps->n; i++)
		watch |= ((const struct step_kind *)steps->at[i].kind)->watch;
	return watch;
}

static void list_programs(struct stage *s, struct box_options *o, const struct filter *filter)
{
	struct box_program *programs = arena_array(s->arena, s->c->n_actors, sizeof *programs);
	for (size_t i = 0; i < s->c->n_actors; i++) {
		s->programs[i].box_index = -1;
		if (!actor_is_process(&s->c->actors[i]))
			continue;
		s->programs[i].box_index = (int)o->n_programs;
		programs[o->n_programs++] = program_of(s, s->c->actors[i].params, filter);
	}
	o->programs = programs;
}

static void list_files(struct stage *s, struct box_options *o)
{
	struct box_file *files = arena_array(s->arena, s->c->n_programs, sizeof *files);
	for (size_t i = 0; i < s->c->n_programs; i++) {
		const struct program *p = &s->job->spec->programs[s->c->programs[i]];
		files[i] = (struct box_file){ .path = arena_printf(s->arena, "/prog/%s", p->name),
					      .fd = s->job->program_fds[i],
					      .mode = 0555 };
	}
	o->files = files;
	o->n_files = s->c->n_programs;
}

int stage_enter_box(struct stage *s, struct fault *f)
{
	struct filter *filter = arena_alloc(s->arena, sizeof *filter);
	unsigned watch = WATCH_NAMES | WATCH_TIMERS | s->job->watch | watch_of_steps(&s->c->scenario);
	if (s->c->hurry > 1) {
		watch |= WATCH_WAITS | WATCH_CLOCKS;
		observer_hurry(s->observer, (int)s->c->hurry);
	}
	if (filter_make(watch, filter, f) < 0)
		return -1;
	const struct limits *l = &s->c->limits;
	struct box_options *o = arena_alloc(s->arena, sizeof *o);
	*o = (struct box_options){
		.uid = s->job->uid,
		.cpu = s->job->cpu,
		.limits = { .cpu_us = l->cpu_us,
			    .memory_bytes = l->memory_bytes,
			    .disk_bytes = l->disk_bytes,
			    .processes = l->processes,
			    .files = l->files,
			    .address_space = s->c->variant != VARIANT_ASAN },
	};
	list_programs(s, o, filter);
	list_files(s, o);
	return box_enter(&s->box, o, f);
}
