/*
 * fuzz_journal.c - whatever is read as a journal is written and read again the same.
 */
#include "model/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_done) struct arena a = { 0 };
	CLEANUP(buf_done) struct buf first = { 0 };
	CLEANUP(buf_done) struct buf second = { 0 };
	struct observation o;
	struct fault f;
	if (journal_read(&a, (struct bytes){ (const char *)data, size }, &o, &f) < 0)
		return 0;
	journal_write(&o, &first);
	if (journal_read(&a, buf_bytes(&first), &o, &f) < 0)
		abort();
	journal_write(&o, &second);
	if (!bytes_equal(buf_bytes(&first), buf_bytes(&second)))
		abort();
	return 0;
}
