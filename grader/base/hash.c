#include "base/hash.h"

#include <stdio.h>

void hash_init(struct hash *h)
{
	SHA256Init(&h->state);
}

void hash_add(struct hash *h, const void *bytes, size_t n)
{
	uint64_t len = n;
	SHA256Update(&h->state, (const uint8_t *)&len, sizeof len);
	if (n > 0)
		SHA256Update(&h->state, bytes, n);
}

void hash_text(struct hash *h, const char *s)
{
	if (s == NULL)
		hash_number(h, -1);
	else
		hash_add(h, s, strlen(s));
}

void hash_number(struct hash *h, int64_t n)
{
	hash_add(h, &n, sizeof n);
}

void hash_end(struct hash *h, char ret_hex[HASH_HEX])
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA256Final(digest, &h->state);
	for (size_t i = 0; i < sizeof digest; i++)
		(void)snprintf(ret_hex + 2 * i, 3, "%02x", digest[i]);
}
