/*
 * foreach.h - one case of a spec becomes several: ${variable} is replaced in every text of the case, keys too.
 *
 * A variable's values are texts, or maps of texts: ${port} and ${port.hex}. $${ stands for ${ itself.
 * Limits: 2,000 combinations; 200,000 nodes and 32 MiB of text a spec.
 * May use: base/, conf/.
 */
#pragma once

#include "conf/field.h"

enum { VARIABLES_MOST = 8 };

struct variable {
	const char *name;
	const struct node *values; /* a list, not empty */
	size_t now; /* the value of this round */
};

struct foreach {
	struct variable variables[VARIABLES_MOST];
	size_t n;
};

/* How much has been made of the whole spec so far. */
struct expansion {
	size_t nodes, bytes;
};

/* Reads the value of 'foreach'. False: it cannot be used, problems say why. */
bool foreach_read(struct reader *r, const struct node *n, struct foreach *ret) MUST_CHECK;

/* The next combination, the last variable fastest. False: there are no more. */
bool foreach_next(struct foreach *f);

/*
 * The node with the variables' values put in. What holds no ${ is shared with `n`. NULL: something was wrong, problems
 * say what.
 */
struct node *foreach_apply(struct reader *r, const struct foreach *f, const struct node *n,
			   struct expansion *e);
