#include "plan/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/io.h"
#include "plan/names.h"
#include "plan/remarks.h"
#include "plan/root.h"
#include "plan/tree.h"

/* What one taking needs all the way down. */
struct taking {
	struct arena *arena; /* the caller's: what stays */
	struct arena scratch; /* the list of all files, sorted names: gone at the end */
	const struct spec *spec;
	const char *const *sources;
	int top;
	struct root root;
	struct remarks remarks;
	struct snapshot *snapshot;
	size_t cap;
};

static void taking_done(struct taking *t)
{
	cleanup_close(&t->top);
	arena_done(&t->scratch);
}

/* A file that may be taken. */
struct candidate {
	const struct tree_file *file;
	const char *path; /* from the root */
	int rank; /* the smaller, the earlier */
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash == NULL ? path : slash + 1;
}

static int rank_of(const struct taking *t, const char *path)
{
	for (const char *const *s = t->sources; *s != NULL; s++)
		if (strcmp(path, *s) == 0)
			return 0;
	if (name_is_makefile(path))
		return 0;
	const char *dot = strrchr(base_name(path), '.');
	return name_is_c(path) || (dot != NULL && strcmp(dot, ".mk") == 0) ? 1 : 2;
}

/* Whether make would make it: then it must not find it. */
static bool is_built(const struct taking *t, const char *path)
{
	const char *name = base_name(path);
	size_t len = strlen(name);
	if (len > 2 && strcmp(name + len - 2, ".o") == 0)
		return true;
	for (size_t i = 0; i < t->spec->n_programs; i++) {
		const struct program *p = &t->spec->programs[i];
		if (strcmp(name, p->name) == 0 ||
		    (p->target != NULL && strcmp(name, base_name(p->target)) == 0))
			return true;
	}
	return false;
}

static int by_rank(const void *a, const void *b)
{
	const struct candidate *x = a;
	const struct candidate *y = b;
	return x->rank != y->rank ? x->rank - y->rank : strcmp(x->path, y->path);
}

static struct candidate *candidates_of(struct taking *t, const struct tree *tree, size_t *ret_n)
{
	struct candidate *all = arena_array(&t->scratch, tree->n, sizeof *all);
	size_t n = 0;
	for (size_t i = 0; i < tree->n; i++) {
		const char *path = root_relative(&t->root, tree->files[i].path);
		if (path == NULL)
			continue;
		if (is_built(t, path)) {
			remarks_left_out(&t->remarks, LEFT_BUILT, path);
			continue;
		}
		all[n++] = (struct candidate){ &tree->files[i], path, rank_of(t, path) };
	}
	if (n > 0)
		qsort(all, n, sizeof *all, by_rank);
	*ret_n = n;
	return all;
}

static bool same_moment(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec && a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

enum reading { READING_WHOLE, READING_CHANGED, READING_LEFT_OUT };

/*
 * Reads an open file once. READING_CHANGED: somebody wrote to it meanwhile, *ret may be half old and half new.
 * READING_LEFT_OUT: *ret_why says why.
 */
static int read_once(int fd, struct buf *ret, enum reading *ret_how, enum left_out *ret_why, struct fault *f)
{
	struct stat before;
	struct stat after;
	*ret_how = READING_LEFT_OUT;
	if (fstat(fd, &before) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "read");
	if (!S_ISREG(before.st_mode)) {
		*ret_why = LEFT_SPECIAL;
		return 0;
	}
	*ret_why = LEFT_TOO_LARGE;
	if (before.st_size > SNAPSHOT_FILE_BYTES)
		return 0;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "read");
	struct fault failed;
	if (io_read_all(fd, SNAPSHOT_FILE_BYTES, ret, &failed) < 0) {
		/* it grew past the limit, or lies where only some may read (NFS) */
		if (failed.kind == FAULT_INPUT || tree_error_is_theirs(failed.error, ret_why))
			return 0;
		*f = failed;
		return -1;
	}
	if (fstat(fd, &after) < 0)
		return fault_set(f, FAULT_SYSTEM, errno, "read");
	*ret_how = same_moment(&before, &after) ? READING_WHOLE : READING_CHANGED;
	return 0;
}

/* A file that is being written is read again, a few times; then it is taken as it came, and a remark says so. */
static int read_file(struct taking *t, int fd, const char *path, struct buf *ret, bool *ret_taken,
		     struct fault *f)
{
	enum { TRIES = 3 };
	enum reading how = READING_CHANGED;
	enum left_out why = LEFT_CHANGED;
	for (int i = 0; i < TRIES && how == READING_CHANGED; i++)
		if (read_once(fd, ret, &how, &why, f) < 0)
			return fault_wrap(f, "'%s'", bytes_show(&t->scratch, bytes_of(path), 200));
	if (how == READING_CHANGED)
		why = LEFT_CHANGED;
	if (how != READING_WHOLE)
		remarks_left_out(&t->remarks, why, path);
	*ret_taken = how != READING_LEFT_OUT;
	return 0;
}

static void keep(struct taking *t, const char *path, const struct buf *content, bool executable)
{
	struct snapshot *s = t->snapshot;
	if (s->bytes + (int64_t)content->len > SNAPSHOT_BYTES) {
		remarks_left_out(&t->remarks, LEFT_TOO_MUCH, path);
		return;
	}
	s->files = arena_push(t->arena, s->files, &s->n_files, &t->cap, sizeof *s->files);
	s->files[s->n_files - 1] = (struct snapshot_file){
		.path = arena_strdup(t->arena, path),
		.content = { arena_copy(t->arena, content->at, content->len), content->len },
		.executable = executable,
	};
	s->bytes += (int64_t)content->len;
}

/* `fd` is open, or -1 with the errno in `error`. */
static int take_file(struct taking *t, int fd, int error, const struct candidate *c, struct fault *f)
{
	enum left_out why;
	if (fd < 0) {
		if (!tree_error_is_theirs(error, &why))
			return fault_set(f, FAULT_SYSTEM, error, "open '%s'",
					 bytes_show(&t->scratch, bytes_of(c->path), 200));
		remarks_left_out(&t->remarks, why, c->path);
		return 0;
	}
	CLEANUP(buf_done) struct buf content = { 0 };
	bool taken = false;
	if (read_file(t, fd, c->path, &content, &taken, f) < 0)
		return -1;
	if (taken)
		keep(t, c->path, &content, c->file->executable);
	return 0;
}

/* Whether a limit leaves the file out; it is not even opened then: it may be 100 GB with holes. */
static bool is_over(const struct snapshot *s, const struct tree_file *file, enum left_out *ret_why)
{
	if (s->n_files == SNAPSHOT_FILES)
		*ret_why = LEFT_TOO_MANY;
	else if (file->size > SNAPSHOT_FILE_BYTES)
		*ret_why = LEFT_TOO_LARGE;
	else if (s->bytes + file->size > SNAPSHOT_BYTES)
		*ret_why = LEFT_TOO_MUCH;
	else
		return false;
	return true;
}

static int take_candidates(struct taking *t, const struct candidate *all, size_t n, struct fault *f)
{
	for (size_t i = 0; i < n; i++) {
		enum left_out why;
		if (is_over(t->snapshot, all[i].file, &why)) {
			remarks_left_out(&t->remarks, why, all[i].path);
			continue;
		}
		CLEANUP_CLOSE int fd = tree_open(t->top, all[i].file->path, 0);
		if (take_file(t, fd, errno, &all[i], f) < 0)
			return -1;
	}
	return 0;
}

static struct text2 remark_nowhere(struct taking *t, const struct tree *tree)
{
	const char *wanted = names_listed(&t->scratch, t->sources);
	if (tree->seen == 0)
		return say(t->arena, "dossier vide : ni Makefile ni %s",
			   "empty folder: neither Makefile nor %s", wanted);
	const char **found = NULL;
	size_t n = 0;
	size_t cap = 0;
	for (size_t i = 0; i < tree->n && n < 20; i++) {
		if (!name_is_c(tree->files[i].path))
			continue;
		found = arena_push(&t->scratch, found, &n, &cap, sizeof *found);
		found[n - 1] = bytes_show(&t->scratch, bytes_of(tree->files[i].path), 100);
	}
	if (n == 0)
		return say(t->arena, "ni Makefile ni %s", "neither Makefile nor %s", wanted);
	found = arena_push(&t->scratch, found, &n, &cap, sizeof *found); /* the new element is NULL */
	const char *there = names_listed(&t->scratch, found);
	return (struct text2){
		.fr = arena_printf(t->arena, "ni Makefile ni %s (trouvé : %s)", wanted, there),
		.en = arena_printf(t->arena, "neither Makefile nor %s (found: %s)", wanted, there),
	};
}

static void remark_root(struct taking *t, const struct tree *tree)
{
	const struct root *root = &t->root;
	switch (root->how) {
	case ROOT_TOP:
		break;
	case ROOT_BELOW:
		remarks_add(&t->remarks, say(t->arena, "tout est pris dans le sous-dossier \"%s\"",
					     "all is taken from the sub-folder \"%s\"",
					     bytes_show(&t->scratch, bytes_of(root->path), 200)));
		break;
	case ROOT_SEVERAL:
		for (const char **r = root->rivals; *r != NULL; r++)
			*r = bytes_show(&t->scratch, bytes_of(*r), 100);
		remarks_add(&t->remarks,
			    say(t->arena, "rien à la racine, et plusieurs sous-dossiers possibles : %s",
				"nothing at the root, and several sub-folders could be meant: %s",
				names_listed(&t->scratch, root->rivals)));
		break;
	case ROOT_NOWHERE:
		remarks_add(&t->remarks, remark_nowhere(t, tree));
		break;
	}
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct snapshot_file *)a)->path, ((const struct snapshot_file *)b)->path);
}

/* Sorts, hashes, and hands the remarks over. */
static void finish(struct taking *t)
{
	struct snapshot *s = t->snapshot;
	struct hash h;
	hash_init(&h);
	hash_text(&h, "snapshot 1");
	if (s->n_files > 0)
		qsort(s->files, s->n_files, sizeof *s->files, by_path);
	for (size_t i = 0; i < s->n_files; i++) {
		hash_text(&h, s->files[i].path);
		hash_add(&h, s->files[i].content.at, s->files[i].content.len);
		hash_number(&h, s->files[i].executable);
		s->has_makefile |= name_is_makefile(s->files[i].path);
	}
	hash_end(&h, s->hash);
	remarks_close(&t->remarks);
	s->remarks = t->remarks.at;
	s->n_remarks = t->remarks.n;
}

static int open_submission(const struct submission *s, struct fault *f)
{
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	flags |= (s->is_file ? 0 : O_DIRECTORY) | (s->said ? 0 : O_NOFOLLOW);
	int fd = open(s->path, flags);
	if (fd < 0)
		(void)fault_set(
			f, errno == EMFILE || errno == ENFILE || errno == EIO ? FAULT_SYSTEM : FAULT_INPUT,
			errno, "open");
	return fd;
}

static int take_folder(struct taking *t, struct fault *f)
{
	static const struct tree_limits most = {
		.depth = SNAPSHOT_DEPTH,
		.entries = SNAPSHOT_ENTRIES,
		.path = SNAPSHOT_PATH,
	};
	struct tree tree;
	if (tree_list(&t->scratch, t->top, &most, &t->remarks, &tree, f) < 0)
		return -1;
	t->root = root_find(&t->scratch, &tree, t->sources);
	t->snapshot->root = arena_strdup(t->arena, t->root.path);
	remark_root(t, &tree);
	size_t n;
	struct candidate *all = candidates_of(t, &tree, &n);
	return take_candidates(t, all, n, f);
}

/* A single .c file: it is the root's only file, under its own name. */
static int take_single(struct taking *t, const char *path, struct fault *f)
{
	struct tree_file file = { .path = base_name(path) };
	struct candidate c = { .file = &file, .path = file.path };
	t->snapshot->root = "";
	if (rank_of(t, c.path) != 0)
		remarks_add(&t->remarks,
			    say(t->arena, "trouvé %s, attendu %s", "found %s, expected %s",
				name_show(&t->scratch, c.path), names_listed(&t->scratch, t->sources)));
	return take_file(t, t->top, 0, &c, f);
}

int snapshot_take(struct arena *a, const struct submission *s, const struct spec *spec, struct snapshot *ret,
		  struct fault *f)
{
	struct snapshot taken = { 0 };
	CLEANUP(taking_done)
	struct taking t = { .arena = a, .spec = spec, .snapshot = &taken, .remarks = { .arena = a } };
	t.sources = taken.sources = spec_sources(a, spec);
	t.top = open_submission(s, f);
	if (t.top < 0)
		return fault_wrap(f, "submission '%s'", s->name);
	if ((s->is_file ? take_single(&t, s->path, f) : take_folder(&t, f)) < 0)
		return fault_wrap(f, "submission '%s'", s->name);
	finish(&t);
	*ret = taken;
	return 0;
}

const struct snapshot_file *snapshot_find(const struct snapshot *s, const char *path)
{
	struct snapshot_file key = { .path = path };
	if (s->n_files == 0)
		return NULL;
	return bsearch(&key, s->files, s->n_files, sizeof key, by_path);
}
