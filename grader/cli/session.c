#include "cli/session.h"

#include "base/hash.h"
#include "base/io.h"
#include "cli/cli.h"
#include "cli/progress.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/utsname.h>

struct open_report {
	struct report report;
	FILE *out;
	char *text; /* of standard output: kept until the progress line is gone */
	size_t text_len;
	const struct session_report *wanted;
};

struct live {
	const struct session *s;
	struct session_result *result;
	struct progress_view view;
	struct open_report reports[SESSION_REPORTS_MOST];
	struct fault fault; /* the first of a report */
	struct arena arena;
};

static void keep_fault(struct live *l, const struct fault *f)
{
	if (l->fault.kind == FAULT_NONE)
		l->fault = *f;
}

/* ---- reports ---- */

static int open_report(struct live *l, size_t i, struct fault *f)
{
	struct open_report *r = &l->reports[i];
	r->wanted = &l->s->reports[i];
	if (strcmp(r->wanted->path, "-") == 0)
		r->out = open_memstream(&r->text, &r->text_len);
	else
		r->out = fopen(arena_printf(&l->arena, "%s.part", r->wanted->path), "we");
	if (r->out == NULL)
		return fault_set(f, FAULT_SYSTEM, errno, "write '%s'", r->wanted->path);
	report_begin(&r->report, r->wanted->kind, r->out, l->s->spec, &r->wanted->options);
	return 0;
}

/* Written beside, flushed, renamed: a report is whole or as it was before. */
static int close_report(struct live *l, struct open_report *r, struct fault *f)
{
	if (r->out == NULL)
		return 0;
	int ended = report_end(&r->report, f);
	if (fclose(r->out) != 0 && ended == 0)
		ended = fault_set(f, FAULT_SYSTEM, errno, "write '%s'", r->wanted->path);
	r->out = NULL;
	if (strcmp(r->wanted->path, "-") == 0) {
		if (ended == 0)
			ended = io_write_all(STDOUT_FILENO, r->text, r->text_len, f);
		free(r->text);
		return ended;
	}
	const char *beside = arena_printf(&l->arena, "%s.part", r->wanted->path);
	if (ended == 0 && rename(beside, r->wanted->path) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "rename to '%s'", r->wanted->path);
	return ended;
}

static void write_student_file(struct live *l, const struct sheet *sheet)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	char *text = NULL;
	size_t len = 0;
	struct fault f;
	FILE *out = open_memstream(&text, &len);
	if (out == NULL)
		return;
	struct report_options options = { .lang = cli_lang, .width = 100, .for_student = true };
	struct report r;
	report_begin(&r, report_kind_named("student"), out, l->s->spec, &options);
	report_add(&r, sheet);
	const char *path = arena_printf(&a, "%s/students/%s.txt", l->s->output,
					report_file_name(&a, sheet->name));
	int ended = report_end(&r, &f);
	(void)fclose(out);
	if (ended < 0 || io_replace_file(path, (struct bytes){ text, len }, 0644, &f) < 0)
		keep_fault(l, &f);
	free(text);
}

static void take_sheet(void *context, const struct submission *s, const struct sheet *sheet)
{
	struct live *l = context;
	for (size_t i = 0; i < l->s->n_reports; i++)
		report_add(&l->reports[i].report, sheet);
	if (l->s->student_files)
		write_student_file(l, sheet);
	if (l->s->sheet != NULL)
		l->s->sheet(l->s->context, s, sheet);
	if (!sheet->graded)
		l->result->ungraded = true;
	else
		l->result->lowest_mark = MIN(l->result->lowest_mark, sheet->mark);
}

static void show_progress(void *context, const struct progress *p)
{
	struct live *l = context;
	progress_show(&l->view, p);
}

/* ---- the run ---- */

/* All that `cc --version` prints; "" when there is no compiler. */
static const char *compiler_version(struct arena *a)
{
	CLEANUP(buf_done) struct buf text = { 0 };
	FILE *p = popen("LC_ALL=C cc --version 2>/dev/null", "re"); /* NOLINT(cert-env33-c): a constant */
	if (p == NULL)
		return "";
	char line[512];
	while (fgets(line, sizeof line, p) != NULL)
		buf_puts(&text, line);
	return pclose(p) == 0 ? arena_copy(a, text.at, text.len) : "";
}

/* The version, and what this very program consists of: the same number may have been built from other sources. */
static int grader_identity(struct arena *a, const char **ret, struct fault *f)
{
	CLEANUP(buf_done) struct buf self = { 0 };
	CLEANUP_CLOSE int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "open /proc/self/exe");
	if (io_read_all(fd, (size_t)1 << 30, &self, f) < 0)
		return fault_wrap(f, "/proc/self/exe");
	struct hash h;
	char hex[HASH_HEX];
	hash_init(&h);
	hash_add(&h, self.at, self.len);
	hash_end(&h, hex);
	*ret = arena_printf(a, "%s+%.12s", GRADER_VERSION, hex);
	return 0;
}

/* Its first line. */
static const char *compiler_name(struct arena *a, const char *version)
{
	return arena_copy(a, version, strcspn(version, "\n"));
}

static int begin_run(const struct session *s, struct store *store, const char *identity, const char *compiler,
		     int64_t *ret_run, struct fault *f)
{
	struct utsname u;
	char kernel[256] = "?";
	if (uname(&u) == 0)
		(void)snprintf(kernel, sizeof kernel, "%s %s %s", u.sysname, u.release, u.machine);
	struct run_info info = { .spec_id = s->spec->id,
				 .spec_hash = s->spec->hash,
				 .spec_path = s->spec->path,
				 .version = identity,
				 .kernel = kernel,
				 .compiler = compiler,
				 .options = s->command };
	return store_begin_run(store, &info, ret_run, f);
}

static int catch_stop(struct fault *f)
{
	sigset_t stop;
	(void)sigemptyset(&stop);
	(void)sigaddset(&stop, SIGINT);
	(void)sigaddset(&stop, SIGTERM);
	(void)sigaddset(&stop, SIGHUP);
	if (sigprocmask(SIG_BLOCK, &stop, NULL) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "sigprocmask");
	int fd = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "signalfd");
	return fd;
}

static int run(struct live *l, struct store *store, int stop, struct fault *f)
{
	int64_t number;
	const char *identity = NULL;
	const char *compiler = compiler_version(&l->arena);
	if (compiler[0] == '\0')
		return fault_set(f, FAULT_WORLD, 0, "there is no C compiler: install gcc");
	if (grader_identity(&l->arena, &identity, f) < 0 ||
	    begin_run(l->s, store, identity, compiler_name(&l->arena, compiler), &number, f) < 0)
		return -1;
	struct pipeline_options o = { .spec = l->s->spec,
				      .store = store,
				      .run = number,
				      .compiler = compiler,
				      .identity = identity,
				      .jobs = l->s->jobs,
				      .again = l->s->again,
				      .stop_fd = stop,
				      .sheet = take_sheet,
				      .progress = show_progress,
				      .context = l };
	progress_begin(&l->view, l->s->quiet);
	int r = pipeline_run(&o, l->s->submissions, &l->result->summary, f);
	progress_end(&l->view);
	enum run_end end = r < 0 ? RUN_FAILED : l->result->summary.stopped ? RUN_STOPPED : RUN_DONE;
	struct fault cannot;
	if (store_end_run(store, number, end, &cannot) < 0 && r == 0)
		return fault_set(f, cannot.kind, 0, "%s", cannot.text);
	return r;
}

int session_run(const struct session *s, struct session_result *ret, struct fault *f)
{
	*ret = (struct session_result){ .lowest_mark = INT64_MAX };
	struct live l = { .s = s, .result = ret };
	CLEANUP_CLOSE int stop = catch_stop(
		f); /* first of all: from here on nothing is cut off in the middle */
	CLEANUP(store_closep) struct store *store = NULL;
	if (stop < 0 || store_open(s->output, &store, f) < 0)
		return -1;
	int r = 0;
	if (s->student_files)
		r = io_make_folders(arena_printf(&l.arena, "%s/students", s->output), 0755, f);
	for (size_t i = 0; r == 0 && i < s->n_reports; i++)
		r = open_report(&l, i, f);
	if (r == 0)
		r = run(&l, store, stop, f);
	for (size_t i = 0; i < s->n_reports; i++) {
		struct fault cannot;
		if (close_report(&l, &l.reports[i], &cannot) < 0)
			keep_fault(&l, &cannot);
	}
	arena_done(&l.arena);
	if (r == 0 && l.fault.kind != FAULT_NONE) {
		*f = l.fault;
		return -1;
	}
	return r;
}
