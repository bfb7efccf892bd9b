#include "plan/build_plan.h"

#include <strings.h>

#include "plan/names.h"

/* A NULL-terminated list that grows. */
struct list {
	struct arena *arena;
	char **at;
	size_t n, cap;
};

static void list_add(struct list *l, const char *word)
{
	/* always one more than is used: the NULL */
	l->at = arena_push(l->arena, l->at, &l->n, &l->cap, sizeof *l->at);
	l->at[l->n - 1] = (char *)(uintptr_t)word; /* execve's type; nobody writes there */
}

static char *const *list_end(struct list *l)
{
	list_add(l, NULL);
	return l->at;
}

struct compiler compiler_of(const char *version)
{
	struct compiler c = { .version = version };
	/* "clang version 14.0.6", "Debian clang version …", "cc (Debian 12.2.0-14) 12.2.0": the distribution's own
	 * text may hold numbers too, so the last word of the line counts for gcc */
	const char *clang = strstr(version, "clang version ");
	if (clang != NULL) {
		c.has_pattern_init = atoi(clang + strlen("clang version ")) >= 8;
		return c;
	}
	size_t line = strcspn(version, "\n");
	const char *after = memrchr(version, ')', line);
	after = after == NULL ? version : after + 1;
	after += strcspn(after, "0123456789\n");
	c.has_pattern_init = atoi(after) >= 12;
	return c;
}

/* The flags that a variant adds. */
static void add_variant_flags(struct list *l, enum variant v, const struct compiler *c)
{
	switch (v) {
	case VARIANT_PLAIN:
		break;
	case VARIANT_ASAN:
		list_add(l, "-g");
		list_add(l, "-fsanitize=address");
		list_add(l, "-fno-omit-frame-pointer");
		if (c->has_pattern_init)
			list_add(l, "-ftrivial-auto-var-init=pattern");
		break;
	}
}

static bool is_c_file(const char *path)
{
	size_t len = strlen(path);
	return len > 2 && strcmp(path + len - 2, ".c") == 0;
}

/* cc -std=gnu17 -Wall -Wextra -O2 -pthread prog.c -o prog -lrt: the common rules of the sheets. */
static char *const *compile_command(struct arena *a, const struct program *p, enum variant v,
				    const struct compiler *c)
{
	static const char *const common[] = { "cc", "-std=gnu17", "-Wall", "-Wextra", "-O2", "-pthread" };
	struct list l = { .arena = a };
	for (size_t i = 0; i < ARRAY_SIZE(common); i++)
		list_add(&l, common[i]);
	add_variant_flags(&l, v, c);
	for (const char *const *s = program_sources(a, p); *s != NULL; s++)
		if (is_c_file(*s)) /* a header among the sources must be there, but is not compiled */
			list_add(&l, (*s)[0] == '-' ? arena_printf(a, "./%s", *s) : *s);
	list_add(&l, "-o");
	list_add(&l, p->name);
	list_add(&l, "-lrt");
	for (size_t i = 0; i < p->flags.n; i++)
		list_add(&l, p->flags.at[i]);
	return list_end(&l);
}

static char *const *make_command(struct arena *a, const struct program *p)
{
	struct list l = { .arena = a };
	list_add(&l, "make");
	list_add(&l, p->target != NULL ? p->target : p->name);
	return list_end(&l);
}

static char *const *environment(struct arena *a, bool wrapped)
{
	struct list l = { .arena = a };
	list_add(&l, wrapped ? "PATH=" BUILD_WRAPPERS ":/usr/local/bin:/usr/bin:/bin"
			     : "PATH=/usr/local/bin:/usr/bin:/bin");
	list_add(&l, "HOME=/tmp");
	list_add(&l, "TMPDIR=/tmp");
	list_add(&l, "LC_ALL=C.UTF-8"); /* messages that compiler_log.c can read, names as they are */
	list_add(&l, "TERM=dumb");
	return list_end(&l);
}

/* Names a Makefile may call a compiler by, and whether that one knows -ftrivial-auto-var-init=pattern. */
static const struct wrapped {
	const char *name;
	enum { INIT_AS_CC, INIT_YES, INIT_NO } init;
} wrapped_compilers[] = {
	{ "cc", INIT_AS_CC },
	{ "c89", INIT_AS_CC },
	{ "c99", INIT_AS_CC },
	{ "gcc", INIT_AS_CC },
	{ "x86_64-linux-gnu-gcc", INIT_AS_CC },
	{ "gcc-11", INIT_NO },
	{ "gcc-12", INIT_YES },
	{ "gcc-13", INIT_YES },
	{ "gcc-14", INIT_YES },
	{ "clang", INIT_YES },
	{ "clang-14", INIT_YES },
};

/* The same script under every name; PATH is set anew in it, so that it never finds itself. */
static const char *wrapper(struct arena *a, const char *name, enum variant v, const struct compiler *c)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	struct list flags = { .arena = a };
	add_variant_flags(&flags, v, c);
	buf_puts(&b, "#!/bin/sh\nPATH=/usr/local/bin:/usr/bin:/bin\n");
	buf_printf(&b, "exec %s", name);
	for (size_t i = 0; i < flags.n; i++)
		buf_printf(&b, " %s", flags.at[i]);
	buf_puts(&b, " \"$@\"\n");
	return arena_copy(a, b.at, b.len);
}

static const struct build_file *wrappers(struct arena *a, enum variant v, const struct compiler *c,
					 size_t *ret_n)
{
	struct build_file *files = arena_array(a, ARRAY_SIZE(wrapped_compilers), sizeof *files);
	for (size_t i = 0; i < ARRAY_SIZE(wrapped_compilers); i++) {
		const struct wrapped *w = &wrapped_compilers[i];
		struct compiler this = { .version = c->version,
					 .has_pattern_init = w->init == INIT_AS_CC ? c->has_pattern_init
										   : w->init == INIT_YES };
		files[i] = (struct build_file){ .path = arena_printf(a, "%s/%s", BUILD_WRAPPERS, w->name),
						.content = wrapper(a, w->name, v, &this),
						.mode = 0755 };
	}
	*ret_n = ARRAY_SIZE(wrapped_compilers);
	return files;
}

static bool is_wanted(const struct snapshot *s, const char *path)
{
	for (const char *const *w = s->sources; *w != NULL; w++)
		if (strcmp(*w, path) == 0)
			return true;
	return false;
}

/* A file that the student may have meant: the same name in other letters, or nearly, or the only .c file that
 * no program asks for; NULL when none. */
static const char *nearly(struct arena *a, const struct snapshot *s, const char *wanted)
{
	const char **others = arena_array(a, s->n_files + 1, sizeof *others);
	size_t n = 0;
	for (size_t i = 0; i < s->n_files; i++) {
		const char *path = s->files[i].path;
		if (strcasecmp(path, wanted) == 0)
			return path;
		if (strchr(path, '/') == NULL && is_c_file(path) && !is_wanted(s, path))
			others[n++] = path;
	}
	const char *near = text_nearest(wanted, others);
	return near != NULL ? near : n == 1 ? others[0] : NULL;
}

static struct text2 why_not(struct arena *a, const struct snapshot *s, const char *wanted)
{
	const char *near = nearly(a, s, wanted);
	if (near == NULL)
		return say(a, "ni Makefile ni %s", "neither Makefile nor %s", wanted);
	const char *shown = name_show(a, near);
	return (struct text2){
		.fr = arena_printf(a, "ni Makefile ni %s (trouvé %s, attendu %s)", wanted, shown, wanted),
		.en = arena_printf(a, "neither Makefile nor %s (found %s, expected %s)", wanted, shown,
				   wanted),
	};
}

struct build_plan build_plan_make(struct arena *a, const struct snapshot *s, const struct program *p,
				  enum variant v, const struct compiler *c)
{
	bool wrapped = s->has_makefile && v != VARIANT_PLAIN;
	struct build_plan plan = { .possible = true, .product = p->name, .variant = v };
	plan.env = environment(a, wrapped);
	if (s->has_makefile) {
		plan.argv = make_command(a, p);
		if (wrapped)
			plan.files = wrappers(a, v, c, &plan.n_files);
		return plan;
	}
	for (const char *const *source = program_sources(a, p); *source != NULL; source++) {
		if (snapshot_find(s, *source) == NULL) {
			plan.possible = false;
			plan.reason = why_not(a, s, *source);
			return plan;
		}
	}
	plan.argv = compile_command(a, p, v, c);
	return plan;
}

static void hash_list(struct hash *h, char *const *words)
{
	for (; words != NULL && *words != NULL; words++)
		hash_text(h, *words);
	hash_text(h, NULL);
}

void build_key(const struct build_plan *plan, const struct snapshot *s, const struct compiler *c,
	       char ret_hex[HASH_HEX])
{
	struct hash h;
	hash_init(&h);
	hash_text(&h, "build 1");
	hash_text(&h, GRADER_VERSION);
	hash_text(&h, c->version);
	hash_text(&h, s->hash);
	hash_text(&h, plan->product);
	hash_number(&h, (int64_t)plan->variant);
	hash_list(&h, plan->argv);
	hash_list(&h, plan->env);
	for (size_t i = 0; i < plan->n_files; i++) {
		hash_text(&h, plan->files[i].path);
		hash_text(&h, plan->files[i].content);
		hash_number(&h, plan->files[i].mode);
	}
	hash_end(&h, ret_hex);
}

bool build_took(struct bytes program, enum variant v)
{
	switch (v) {
	case VARIANT_PLAIN:
		return true;
	case VARIANT_ASAN:
		return program.len > 0 &&
		       memmem(program.at, program.len, "__asan_init", strlen("__asan_init")) != NULL;
	}
	return true;
}
