#include "base/fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int fault_set(struct fault *f, enum fault_kind kind, int error, const char *fmt, ...)
{
	f->kind = kind;
	f->error = error;
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(f->text, sizeof f->text, fmt, ap);
	va_end(ap);
	size_t used = MIN((size_t)MAX(n, 0), sizeof f->text - 1);
	if (error != 0)
		(void)snprintf(f->text + used, sizeof f->text - used, ": %s", strerror(error));
	return -1;
}

int fault_wrap(struct fault *f, const char *fmt, ...)
{
	char before[sizeof f->text];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(before, sizeof before, fmt, ap);
	va_end(ap);
	char whole[2 * sizeof f->text + 2];
	(void)snprintf(whole, sizeof whole, "%s: %s", before, f->text);
	whole[sizeof f->text - 1] = '\0';
	memcpy(f->text, whole, sizeof f->text);
	return -1;
}

const char *fault_kind_name(enum fault_kind kind)
{
	switch (kind) {
	case FAULT_NONE:
		return "none";
	case FAULT_SYSTEM:
		return "system";
	case FAULT_INPUT:
		return "input";
	case FAULT_WORLD:
		return "world";
	case FAULT_WORKER:
		return "worker";
	case FAULT_BUG:
		return "bug";
	}
	return "unknown";
}
