#include "plan/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "plan/names.h"

int tree_open(int top, const char *path, int flags)
{
	/* O_NONBLOCK, O_NOCTTY: by now it may be a FIFO or a terminal */
	flags |= O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
	CLEANUP_CLOSE int held = -1;
	int at = top;
	for (const char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		char part[NAME_MAX + 1] = { 0 };
		if ((size_t)(slash - path) > NAME_MAX) {
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(part, path, (size_t)(slash - path));
		int next = openat(at, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0)
			return -1;
		cleanup_close(&held);
		held = at = next;
	}
	return openat(at, path[0] == '\0' ? "." : path, flags);
}

bool tree_error_is_theirs(int error, enum left_out *ret_why)
{
	switch (error) {
	case EACCES:
	case EPERM:
		*ret_why = LEFT_UNREADABLE;
		return true;
	case ENOENT:
	case ENOTDIR: /* a folder when listed */
	case EISDIR:
	case ELOOP: /* a link now */
		*ret_why = LEFT_CHANGED;
		return true;
	case ENXIO: /* a socket, or a device that is not there */
	case ENODEV:
		*ret_why = LEFT_SPECIAL;
		return true;
	default:
		return false;
	}
}

void folder_close(DIR **d)
{
	if (*d != NULL)
		(void)closedir(*d);
}

/* A folder still to be listed. */
struct folder {
	const char *path;
	size_t depth;
};

struct walk {
	struct arena *arena;
	int top;
	const struct tree_limits *most;
	struct remarks *remarks;
	struct tree *tree;
	struct folder *folders; /* the queue: those before the current one are done */
	size_t n, cap;
};

static void add_folder(struct walk *w, const char *path, const char *name, size_t depth)
{
	if (name_is_junk_folder(name))
		return;
	if (depth > w->most->depth) {
		remarks_left_out(w->remarks, LEFT_TOO_DEEP, path);
		return;
	}
	w->folders = arena_push(w->arena, w->folders, &w->n, &w->cap, sizeof *w->folders);
	w->folders[w->n - 1] = (struct folder){ path, depth };
}

static void add_file(struct walk *w, const char *path, const struct stat *st)
{
	struct tree *t = w->tree;
	t->files = arena_push(w->arena, t->files, &t->n, &t->cap, sizeof *t->files);
	t->files[t->n - 1] = (struct tree_file){ .path = path,
						 .executable = (st->st_mode & S_IXUSR) != 0,
						 .size = st->st_size };
}

static int add_entry(struct walk *w, int fd, const struct folder *in, const char *name, struct fault *f)
{
	const char *path = in->path[0] == '\0' ? name : arena_printf(w->arena, "%s/%s", in->path, name);
	struct stat st;
	enum left_out why;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (!tree_error_is_theirs(errno, &why))
			return fault_set(f, FAULT_SYSTEM, errno, "look at '%s'",
					 bytes_show(w->arena, bytes_of(path), 200));
		remarks_left_out(w->remarks, why, path);
	} else if (strlen(path) > w->most->path) {
		remarks_left_out(w->remarks, LEFT_TOO_DEEP, path);
	} else if (S_ISDIR(st.st_mode)) {
		add_folder(w, path, name, in->depth + 1);
	} else if (S_ISLNK(st.st_mode)) {
		remarks_left_out(w->remarks, LEFT_LINK, path);
	} else if (!S_ISREG(st.st_mode)) {
		remarks_left_out(w->remarks, LEFT_SPECIAL, path);
	} else if (!name_is_junk_file(name)) {
		add_file(w, path, &st);
	}
	return 0;
}

struct names {
	const char **at;
	size_t n, cap;
};

/* The names in a folder, sorted; fewer when the walk has seen enough. An errno in *ret_error: the folder's trouble. */
static struct names read_names(struct walk *w, DIR *d, const char *folder, int *ret_error)
{
	struct names names = { 0 };
	*ret_error = 0;
	for (;;) {
		errno = 0;
		struct dirent *e = readdir(d);
		if (e == NULL) {
			*ret_error = errno;
			break;
		}
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (w->tree->seen == w->most->entries) {
			remarks_left_out(w->remarks, LEFT_ENDLESS, folder[0] == '\0' ? "." : folder);
			break;
		}
		w->tree->seen++;
		names.at = arena_push(w->arena, names.at, &names.n, &names.cap, sizeof *names.at);
		names.at[names.n - 1] = arena_strdup(w->arena, e->d_name);
	}
	if (names.n > 0)
		qsort(names.at, names.n, sizeof *names.at, names_by_bytes);
	return names;
}

/* A folder's own trouble becomes a remark, this machine's a fault. */
static int folder_failed(struct walk *w, const char *path, int error, struct fault *f)
{
	enum left_out why;
	if (!tree_error_is_theirs(error, &why))
		return fault_set(f, FAULT_SYSTEM, error, "list '%s'",
				 bytes_show(w->arena, bytes_of(path), 200));
	remarks_left_out(w->remarks, why, path[0] == '\0' ? "." : path);
	return 0;
}

static int list_folder(struct walk *w, struct folder in, struct fault *f)
{
	int fd = tree_open(w->top, in.path, O_DIRECTORY);
	if (fd < 0)
		return folder_failed(w, in.path, errno, f);
	CLEANUP(folder_close) DIR *d = fdopendir(fd);
	if (d == NULL) {
		int error = errno;
		cleanup_close(&fd);
		return fault_set(f, FAULT_SYSTEM, error, "list '%s'",
				 bytes_show(w->arena, bytes_of(in.path), 200));
	}
	int error;
	struct names names = read_names(w, d, in.path, &error);
	if (error != 0 && folder_failed(w, in.path, error, f) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++)
		if (add_entry(w, fd, &in, names.at[i], f) < 0)
			return -1;
	return 0;
}

int tree_list(struct arena *a, int top, const struct tree_limits *most, struct remarks *r, struct tree *ret,
	      struct fault *f)
{
	struct tree found = { 0 };
	struct walk w = { .arena = a, .top = top, .most = most, .remarks = r, .tree = &found };
	add_folder(&w, "", "", 0);
	for (size_t i = 0; i < w.n; i++)
		if (list_folder(&w, w.folders[i], f) < 0)
			return -1;
	*ret = found;
	return 0;
}
