#include "plan/names.h"

#include <strings.h>
#include <utf8proc.h>

static bool one_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (strcasecmp(name, *names) == 0)
			return true;
	return false;
}

bool name_is_makefile(const char *name)
{
	/* make looks for exactly these; a MAKEFILE is none */
	return strcmp(name, "GNUmakefile") == 0 || strcmp(name, "makefile") == 0 ||
	       strcmp(name, "Makefile") == 0;
}

bool name_is_c(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot != NULL && dot != name && (strcasecmp(dot, ".c") == 0 || strcasecmp(dot, ".h") == 0);
}

bool name_is_junk_folder(const char *name)
{
	static const char *const junk[] = {
		".git", ".svn", ".hg", ".idea", ".vscode", ".vs", "__MACOSX", NULL
	};
	return one_of(name, junk);
}

bool name_is_junk_file(const char *name)
{
	static const char *const junk[] = { ".DS_Store", "Thumbs.db", "desktop.ini", NULL };
	return strncmp(name, "._", 2) == 0 || one_of(name, junk);
}

bool name_is_part(const char *name, const struct spec *spec)
{
	static const char *const parts[] = { "src",   "source", "sources", "code", "include",
					     "lib",   "doc",    "docs",    "test", "tests",
					     "build", "bin",    "obj",     "old",  NULL };
	if (one_of(name, parts) || (spec->id != NULL && strcasecmp(name, spec->id) == 0))
		return true;
	for (size_t i = 0; i < spec->n_programs; i++)
		if (strcasecmp(name, spec->programs[i].name) == 0)
			return true;
	return false;
}

const char *const *program_sources(struct arena *a, const struct program *p)
{
	if (p->sources.n > 0)
		return p->sources.at;
	const char **one = arena_array(a, 2, sizeof *one);
	one[0] = arena_printf(a, "%s.c", p->name);
	return one;
}

const char *const *spec_sources(struct arena *a, const struct spec *spec)
{
	const char **all = NULL;
	size_t n = 0;
	size_t cap = 0;
	for (size_t i = 0; i < spec->n_programs; i++) {
		for (const char *const *s = program_sources(a, &spec->programs[i]); *s != NULL; s++) {
			size_t k = 0;
			while (k < n && strcmp(all[k], *s) != 0)
				k++;
			if (k < n)
				continue;
			all = arena_push(a, all, &n, &cap, sizeof *all);
			all[n - 1] = *s;
		}
	}
	return arena_push(a, all, &n, &cap, sizeof *all); /* the new element is NULL */
}

int names_by_bytes(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *names_listed(struct arena *a, const char *const *names)
{
	enum { MOST = 8 };
	CLEANUP(buf_done) struct buf b = { 0 };
	size_t n = 0;
	for (; names[n] != NULL; n++)
		if (n < MOST)
			buf_printf(&b, "%s%s", n == 0 ? "" : ", ", names[n]);
	if (n > MOST)
		buf_printf(&b, "… (%zu)", n);
	return arena_copy(a, b.at, b.len);
}

static bool shown_as_is(utf8proc_int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF: /* would turn the line around, or hide what follows */
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return false;
	default:
		return true;
	}
}

const char *name_show(struct arena *a, const char *raw)
{
	CLEANUP(buf_done) struct buf b = { 0 };
	while (*raw != '\0') {
		utf8proc_int32_t c = -1;
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)raw, -1, &c);
		bool plain = n > 0 && shown_as_is(c) && !(raw[0] == '\\' && raw[1] == 'x');
		n = n > 0 ? n : 1;
		if (plain)
			buf_add(&b, raw, (size_t)n);
		else
			for (utf8proc_ssize_t i = 0; i < n; i++)
				buf_printf(&b, "\\x%02x", (unsigned char)raw[i]);
		raw += n;
	}
	return arena_copy(a, b.at, b.len);
}
