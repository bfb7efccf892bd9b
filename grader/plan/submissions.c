#include "plan/submissions.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "plan/names.h"
#include "plan/tree.h"

/* What stands directly in the given folder. */
struct listing {
	int fd;
	struct arena arena; /* scratch: gone when the submissions are made */
	const char **folders;
	size_t n_folders, cap_folders;
	const char **files; /* regular, visible */
	size_t n_files, cap_files;
};

static void listing_done(struct listing *l)
{
	cleanup_close(&l->fd);
	arena_done(&l->arena);
}

static void push_name(struct arena *a, const char ***names, size_t *n, size_t *cap, const char *name)
{
	*names = arena_push(a, *names, n, cap, sizeof **names);
	(*names)[*n - 1] = arena_strdup(a, name);
}

static void listing_add(struct listing *l, const char *name, struct remarks *r)
{
	struct stat st;
	if (fstatat(l->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		remarks_left_out(r, errno == ENOENT ? LEFT_CHANGED : LEFT_UNREADABLE, name);
	else if (S_ISLNK(st.st_mode))
		remarks_left_out(r, LEFT_LINK, name);
	else if (S_ISDIR(st.st_mode) && name_is_junk_folder(name))
		return;
	else if (S_ISDIR(st.st_mode) && name[0] == '.')
		remarks_left_out(r, LEFT_HIDDEN_FOLDER, name);
	else if (S_ISDIR(st.st_mode))
		push_name(&l->arena, &l->folders, &l->n_folders, &l->cap_folders, name);
	else if (!S_ISREG(st.st_mode))
		remarks_left_out(r, LEFT_SPECIAL, name);
	else if (name[0] != '.' && !name_is_junk_file(name))
		push_name(&l->arena, &l->files, &l->n_files, &l->cap_files, name);
}

static int listing_read(struct listing *l, struct remarks *r, struct fault *f)
{
	int fd = fcntl(l->fd, F_DUPFD_CLOEXEC, 0);
	CLEANUP(folder_close) DIR *d = fd < 0 ? NULL : fdopendir(fd);
	if (d == NULL) {
		int error = errno;
		cleanup_close(&fd);
		return fault_set(f, FAULT_SYSTEM, error, "list the folder");
	}
	const char **names = NULL;
	size_t n = 0;
	size_t cap = 0;
	errno = 0;
	for (struct dirent *e; (e = readdir(d)) != NULL; errno = 0)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			push_name(&l->arena, &names, &n, &cap, e->d_name);
	if (errno != 0)
		return fault_set(f, FAULT_SYSTEM, errno, "list the folder");
	/* the order of the disk is nobody's business: remarks too are the same on every machine */
	if (n > 0)
		qsort(names, n, sizeof *names, names_by_bytes);
	for (size_t i = 0; i < n; i++)
		listing_add(l, names[i], r);
	return 0;
}

static bool holds_makefile(const struct listing *l)
{
	for (size_t i = 0; i < l->n_files; i++)
		if (name_is_makefile(l->files[i]))
			return true;
	return false;
}

static bool holds_file(int fd, const char *path)
{
	struct stat st;
	return fstatat(fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode);
}

static bool holds_source(int fd, const char *const *sources)
{
	for (; *sources != NULL; sources++)
		if (holds_file(fd, *sources))
			return true;
	return false;
}

/* Two folders with the same wanted source: two students, or one student's old and new version. */
static bool holds_twice(struct listing *l, const char *const *sources)
{
	for (; *sources != NULL; sources++) {
		size_t times = 0;
		for (size_t i = 0; i < l->n_folders && times < 2; i++) {
			const char *path = arena_printf(&l->arena, "%s/%s", l->folders[i], *sources);
			times += holds_file(l->fd, path);
		}
		if (times == 2)
			return true;
	}
	return false;
}

static bool holds_c(const struct listing *l)
{
	for (size_t i = 0; i < l->n_files; i++)
		if (name_is_c(l->files[i]))
			return true;
	return false;
}

static bool only_parts(const struct listing *l, const struct spec *spec)
{
	for (size_t i = 0; i < l->n_folders; i++)
		if (!name_is_part(l->folders[i], spec))
			return false;
	return l->n_folders > 0;
}

/* The rule of submissions.h, in its order. */
static bool is_class(struct listing *l, const struct spec *spec)
{
	const char *const *sources = spec_sources(&l->arena, spec);
	if (holds_source(l->fd, sources))
		return false;
	if (holds_makefile(l))
		return holds_twice(l, sources);
	if (l->n_folders == 0)
		return !holds_c(l);
	if (only_parts(l, spec))
		return false;
	return l->n_folders > 1 || !holds_c(l);
}

/* The last part of a path that names something: of "a/b//" it is "b". "." and ".." are resolved first. */
static const char *last_part(struct arena *a, const char *path)
{
	const char *copy = arena_strdup(a, path);
	for (int resolved = 0; resolved < 2; resolved++) {
		size_t len = strlen(copy);
		while (len > 1 && copy[len - 1] == '/')
			len--;
		size_t start = len;
		while (start > 0 && copy[start - 1] != '/')
			start--;
		const char *name = arena_copy(a, copy + start, len - start);
		if (name[0] != '\0' && strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			return name;
		CLEANUP_FREE char *real = realpath(path, NULL);
		if (real == NULL)
			break;
		copy = arena_strdup(a, real);
	}
	return copy; /* "/", or what cannot be resolved */
}

static void find_one(struct arena *a, const char *path, bool is_file, struct submissions *ret)
{
	ret->at = arena_array(a, 1, sizeof *ret->at);
	ret->n = 1;
	ret->at[0] = (struct submission){ .name = name_show(a, last_part(a, path)),
					  .path = arena_strdup(a, path),
					  .is_file = is_file,
					  .said = true };
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct submission *)a)->name, ((const struct submission *)b)->name);
}

static void find_class(struct arena *a, const char *path, const struct listing *l, struct remarks *r,
		       struct submissions *ret)
{
	size_t len = strlen(path);
	const char *slash = len > 0 && path[len - 1] == '/' ? "" : "/";
	ret->at = arena_array(a, MAX(l->n_folders, (size_t)1), sizeof *ret->at);
	ret->n = l->n_folders;
	for (size_t i = 0; i < l->n_folders; i++) {
		ret->at[i].name = name_show(a, l->folders[i]);
		ret->at[i].path = arena_printf(a, "%s%s%s", path, slash, l->folders[i]);
	}
	qsort(ret->at, ret->n, sizeof *ret->at, by_name);
	for (size_t i = 0; i < l->n_files; i++)
		remarks_left_out(r, LEFT_LOOSE_FILE, l->files[i]);
	if (ret->n == 0)
		remarks_add(r, say(a, "aucun rendu : pas de sous-dossier, pas de fichier .c",
				   "no submission: no sub-folder, no .c file"));
	remarks_close(r);
	ret->remarks = r->at;
	ret->n_remarks = r->n;
}

static int find_in_folder(struct arena *a, const char *path, const struct spec *spec, enum folder_is how,
			  struct submissions *ret, struct fault *f)
{
	CLEANUP(listing_done) struct listing l = { .fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) };
	if (l.fd < 0)
		return fault_set(f, FAULT_INPUT, errno, "open");
	struct remarks r = { .arena = a };
	if (listing_read(&l, &r, f) < 0)
		return -1;
	if (how == FOLDER_CLASS || (how == FOLDER_GUESS && is_class(&l, spec)))
		find_class(a, path, &l, &r, ret);
	else
		find_one(a, path, false, ret);
	return 0;
}

int submissions_find(struct arena *a, const char *path, const struct spec *spec, enum folder_is how,
		     struct submissions *ret, struct fault *f)
{
	struct stat st;
	struct submissions found = { 0 };
	if (stat(path, &st) < 0)
		return fault_set(f, FAULT_INPUT, errno, "submissions '%s'", name_show(a, path));
	if (S_ISDIR(st.st_mode)) {
		if (find_in_folder(a, path, spec, how, &found, f) < 0)
			return fault_wrap(f, "submissions '%s'", name_show(a, path));
	} else if (S_ISREG(st.st_mode) && name_is_c(path) && strchr("cC", path[strlen(path) - 1]) != NULL) {
		find_one(a, path, true, &found);
	} else {
		return fault_set(f, FAULT_INPUT, 0, "submissions '%s': neither a folder nor a .c file",
				 name_show(a, path));
	}
	*ret = found;
	return 0;
}
