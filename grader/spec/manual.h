/*
 * manual.h - the spec language described from its own tables: for `grader kinds`, for docs/spec.md, for editors.
 *
 * All three append to *out. May use: base/, conf/, spec/spec_fields.h.
 */
#pragma once

#include "conf/field.h"

/* Plain text, for a terminal of 100 columns or more. */
void manual_text(struct arena *a, const struct vocabulary *v, struct buf *out);

/* The reference part of docs/spec.md. */
void manual_markdown(struct arena *a, const struct vocabulary *v, struct buf *out);

/*
 * A JSON Schema (draft 2020-12) of a spec file. It is wider than spec_load: what is decided by values (ids, actors, which
 * step works on whom) is not in it, and ${variable} may stand wherever a number may.
 */
void manual_schema(struct arena *a, const struct vocabulary *v, struct buf *out);
