/*
 * hash.h - SHA-256 (libmd) over fields. Each field goes in with its length, so that "ab","c" is not "a","bc".
 */
#pragma once

#include "base/bytes.h"

#include <sha256.h>

enum { HASH_HEX = 65 }; /* 64 hexadecimal digits and a NUL */

struct hash {
	SHA2_CTX state;
};

void hash_init(struct hash *h);
void hash_add(struct hash *h, const void *bytes, size_t n);
void hash_text(struct hash *h, const char *s); /* NULL counts as its own value */
void hash_number(struct hash *h, int64_t n);
void hash_end(struct hash *h, char ret_hex[HASH_HEX]);
