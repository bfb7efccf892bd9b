#include "base/arena.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/text.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static struct arena arena;
static struct fault fault;
static struct buf buf;
static char folder[64];

static void clean(void)
{
	arena_done(&arena);
	buf_done(&buf);
}

static void enter_folder(void)
{
	(void)snprintf(folder, sizeof folder, "/tmp/test_base.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chdir(folder), 0);
}

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *at)
{
	(void)st;
	(void)what;
	(void)at;
	return remove(path);
}

static void leave_folder(void)
{
	(void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	clean();
}

static void put_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (int)strlen(text));
	(void)close(fd);
}

/* ---- fault ---- */

START_TEST(a_fault_says_what_failed_and_why)
{
	ck_assert_int_eq(fault_set(&fault, FAULT_SYSTEM, ENOENT, "open '%s'", "x"), -1);
	ck_assert_int_eq(fault.kind, FAULT_SYSTEM);
	ck_assert_int_eq(fault.error, ENOENT);
	ck_assert_str_eq(fault.text, "open 'x': No such file or directory");
}
END_TEST

START_TEST(a_fault_without_errno_has_none_in_its_text)
{
	(void)fault_set(&fault, FAULT_INPUT, 0, "%d is too much", 7);
	ck_assert_int_eq(fault.error, 0);
	ck_assert_str_eq(fault.text, "7 is too much");
}
END_TEST

START_TEST(wrapping_puts_what_is_known_above_in_front)
{
	(void)fault_set(&fault, FAULT_SYSTEM, EACCES, "open");
	ck_assert_int_eq(fault_wrap(&fault, "spec '%s'", "tp3"), -1);
	ck_assert_int_eq(fault_wrap(&fault, "run"), -1);
	ck_assert_str_eq(fault.text, "run: spec 'tp3': open: Permission denied");
	ck_assert_int_eq(fault.kind, FAULT_SYSTEM);
	ck_assert_int_eq(fault.error, EACCES);
}
END_TEST

START_TEST(a_fault_too_long_is_cut_and_still_ends)
{
	char longest[3000];
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	(void)fault_set(&fault, FAULT_BUG, ENOSPC, "%s", longest);
	ck_assert_uint_eq(strlen(fault.text), sizeof fault.text - 1);
	(void)fault_wrap(&fault, "%s", longest);
	ck_assert_uint_eq(strlen(fault.text), sizeof fault.text - 1);
	(void)fault_wrap(&fault, "first");
	ck_assert_uint_eq(strlen(fault.text), sizeof fault.text - 1);
	ck_assert_int_eq(strncmp(fault.text, "first: xxx", 10), 0);
}
END_TEST

static const struct {
	enum fault_kind kind;
	const char *name;
} kind_names[] = {
	{ FAULT_NONE, "none" },   { FAULT_SYSTEM, "system" }, { FAULT_INPUT, "input" },
	{ FAULT_WORLD, "world" }, { FAULT_WORKER, "worker" }, { FAULT_BUG, "bug" },
};

START_TEST(each_kind_of_fault_has_its_word)
{
	ck_assert_str_eq(fault_kind_name(kind_names[_i].kind), kind_names[_i].name);
}
END_TEST

/* ---- arena ---- */

START_TEST(memory_of_an_arena_is_zeroed_and_aligned)
{
	for (size_t size = 0; size < 100; size++) {
		unsigned char *p = arena_alloc(&arena, size);
		ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			ck_assert_uint_eq(p[i], 0);
		memset(p, 0xAA, size);
	}
}
END_TEST

START_TEST(an_arena_holds_more_than_a_block)
{
	char *small = arena_strdup(&arena, "small");
	char *large = arena_alloc(&arena, 1 << 20);
	large[(1 << 20) - 1] = 'x';
	char *again = arena_printf(&arena, "%s %d", "again", 3);
	ck_assert_str_eq(small, "small");
	ck_assert_str_eq(again, "again 3");
}
END_TEST

START_TEST(an_arena_can_be_used_after_it_was_freed)
{
	(void)arena_alloc(&arena, 100);
	arena_done(&arena);
	arena_done(&arena);
	ck_assert_str_eq(arena_strdup(&arena, "x"), "x");
}
END_TEST

START_TEST(a_copy_ends_in_a_nul_that_does_not_count)
{
	char *p = arena_copy(&arena, "a\0b", 3);
	ck_assert_mem_eq(p, "a\0b\0", 4);
	ck_assert_str_eq(arena_copy(&arena, NULL, 0), "");
}
END_TEST

START_TEST(an_array_grows_and_keeps_what_it_holds)
{
	int *numbers = NULL;
	size_t n = 0;
	size_t cap = 0;
	for (int i = 0; i < 1000; i++) {
		numbers = arena_push(&arena, numbers, &n, &cap, sizeof *numbers);
		ck_assert_int_eq(numbers[n - 1], 0);
		numbers[n - 1] = i;
	}
	ck_assert_uint_eq(n, 1000);
	for (int i = 0; i < 1000; i++)
		ck_assert_int_eq(numbers[i], i);
}
END_TEST

/* What a child that runs out of memory says and ends with. */
static int status_of(void (*body)(void), char said[200])
{
	int fds[2];
	ck_assert_int_eq(pipe(fds), 0);
	pid_t pid = fork();
	if (pid == 0) {
		(void)dup2(fds[1], STDERR_FILENO);
		body();
		_exit(0);
	}
	(void)close(fds[1]);
	ssize_t n = read(fds[0], said, 199);
	said[MAX(n, 0)] = '\0';
	(void)close(fds[0]);
	int status;
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static void array_that_overflows(void)
{
	(void)arena_array(&arena, SIZE_MAX / 2, 4);
}

static void far_too_much(void)
{
	(void)arena_alloc(&arena, SIZE_MAX - 3);
}

static void malloc_that_failed(void)
{
	(void)must_alloc(NULL);
}

static void (*const out_of_memory[])(void) = { array_that_overflows, far_too_much, malloc_that_failed };

START_TEST(no_memory_ends_the_process_with_a_message)
{
	char said[200];
	int status = status_of(out_of_memory[_i], said);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), 70);
	ck_assert_str_eq(said, "grader: out of memory\n");
}
END_TEST

/* ---- bytes ---- */

static const struct {
	struct bytes bytes;
	size_t most;
	const char *shown;
} shown[] = {
	{ BYTES_LITERAL(""), 10, "" },
	{ { NULL, 0 }, 10, "" },
	{ BYTES_LITERAL("bonjour"), 10, "bonjour" },
	{ BYTES_LITERAL("un deux"), 10, "un deux" },
	{ BYTES_LITERAL("été à Montpellier €"), 40, "été à Montpellier €" },
	{ BYTES_LITERAL("a\nb\rc\td\0"), 10, "a\\nb\\rc\\td\\0" },
	{ BYTES_LITERAL("\x01\x1b[31m\x7f"), 20, "\\x01\\x1b[31m\\x7f" },
	{ BYTES_LITERAL("say \"x\\y\""), 20, "say \\\"x\\\\y\\\"" },
	/* turns the line around, hides text, joins, marks the order of bytes */
	{ BYTES_LITERAL("a\u202eb"), 20, "a\\xe2\\x80\\xaeb" },
	{ BYTES_LITERAL("a\u2066b\u2069"), 20, "a\\xe2\\x81\\xa6b\\xe2\\x81\\xa9" },
	{ BYTES_LITERAL("a\u200bb"), 20, "a\\xe2\\x80\\x8bb" },
	{ BYTES_LITERAL("\ufeffa"), 20, "\\xef\\xbb\\xbfa" },
	{ BYTES_LITERAL("a\u2028b"), 20, "a\\xe2\\x80\\xa8b" },
	{ BYTES_LITERAL("\xc2\x85"), 20, "\\xc2\\x85" },
	{ BYTES_LITERAL("\ue000"), 20, "\\xee\\x80\\x80" },
	/* no UTF-8: Latin-1, cut short, a continuation alone, too long a form, a surrogate, beyond the last */
	{ BYTES_LITERAL("\xe9t\xe9"), 20, "\\xe9t\\xe9" },
	{ BYTES_LITERAL("a\xc3"), 20, "a\\xc3" },
	{ BYTES_LITERAL("\xe2\x82"), 20, "\\xe2\\x82" },
	{ BYTES_LITERAL("\x80"), 20, "\\x80" },
	{ BYTES_LITERAL("\xc0\x80"), 20, "\\xc0\\x80" },
	{ BYTES_LITERAL("\xed\xa0\x80"), 20, "\\xed\\xa0\\x80" },
	{ BYTES_LITERAL("\xf4\x90\x80\x80"), 20, "\\xf4\\x90\\x80\\x80" },
	{ BYTES_LITERAL("\xff\xfe"), 20, "\\xff\\xfe" },
	/* cut after so many characters, never inside one */
	{ BYTES_LITERAL("abcdef"), 6, "abcdef" },
	{ BYTES_LITERAL("abcdef"), 5, "abcde… (6)" },
	{ BYTES_LITERAL("éééé"), 2, "éé… (8)" },
	{ BYTES_LITERAL("\0\0\0"), 2, "\\0\\0… (3)" },
	{ BYTES_LITERAL("abc"), 0, "… (3)" },
};

START_TEST(bytes_are_shown_so_that_a_person_can_read_them)
{
	ck_assert_str_eq(bytes_show(&arena, shown[_i].bytes, shown[_i].most), shown[_i].shown);
}
END_TEST

START_TEST(every_byte_is_shown_in_visible_ascii_or_utf8)
{
	for (int c = 0; c < 256; c++) {
		char byte = (char)c;
		const char *s = bytes_show(&arena, (struct bytes){ &byte, 1 }, 10);
		for (; *s != '\0'; s++)
			ck_assert_msg(*s >= ' ' && *s < 0x7f, "byte %d", c);
	}
}
END_TEST

START_TEST(bytes_are_equal_by_length_and_content)
{
	ck_assert(bytes_equal(BYTES_LITERAL("a\0b"), BYTES_LITERAL("a\0b")));
	ck_assert(!bytes_equal(BYTES_LITERAL("a\0b"), BYTES_LITERAL("a\0c")));
	ck_assert(!bytes_equal(BYTES_LITERAL("a"), BYTES_LITERAL("a\0")));
	ck_assert(bytes_equal((struct bytes){ NULL, 0 }, BYTES_LITERAL("")));
	ck_assert(bytes_equal(bytes_of(NULL), BYTES_LITERAL("")));
}
END_TEST

START_TEST(bytes_start_with_their_beginning_and_with_nothing)
{
	ck_assert(bytes_start_with(BYTES_LITERAL("a\0bc"), BYTES_LITERAL("a\0b")));
	ck_assert(bytes_start_with(BYTES_LITERAL("abc"), BYTES_LITERAL("")));
	ck_assert(!bytes_start_with(BYTES_LITERAL("ab"), BYTES_LITERAL("abc")));
	ck_assert(!bytes_start_with(BYTES_LITERAL("xbc"), BYTES_LITERAL("ab")));
}
END_TEST

/* ---- buf ---- */

START_TEST(a_buffer_grows_by_whatever_is_added)
{
	for (int i = 0; i < 1000; i++) {
		buf_add(&buf, "\0x", 2);
		buf_puts(&buf, "abc");
		buf_printf(&buf, "%04d", i);
	}
	ck_assert_uint_eq(buf.len, 9000);
	ck_assert_mem_eq(buf.at + 9 * 123, "\0xabc0123", 9);
	buf_add(&buf, NULL, 0);
	ck_assert_uint_eq(buf.len, 9000);
}
END_TEST

START_TEST(room_in_a_buffer_counts_only_what_is_used)
{
	char *room = buf_room(&buf, 5000);
	memset(room, 'x', 5000);
	ck_assert_uint_eq(buf.len, 0);
	buf.len += 3;
	ck_assert(bytes_equal(buf_bytes(&buf), BYTES_LITERAL("xxx")));
}
END_TEST

START_TEST(a_buffer_is_empty_after_it_was_freed)
{
	buf_puts(&buf, "abc");
	buf_done(&buf);
	buf_done(&buf);
	ck_assert_uint_eq(buf_bytes(&buf).len, 0);
}
END_TEST

/* ---- text ---- */

static const struct {
	const char *what;
	struct bytes text;
	const char *plain;
} plains[] = {
	{ "nothing", { NULL, 0 }, "" },
	{ "a line", BYTES_LITERAL("recu : bonjour\n"), "recu : bonjour\n" },
	{ "the last line without its end", BYTES_LITERAL("a\nb"), "a\nb\n" },
	{ "capitals", BYTES_LITERAL("Recu : BONJOUR\n"), "recu : bonjour\n" },
	{ "accents in one code point", BYTES_LITERAL("Été à Nîmes, ÇA œuvre\n"), "ete a nimes, ca œuvre\n" },
	{ "accents as combining marks", BYTES_LITERAL("E\u0301te\u0301\n"), "ete\n" },
	{ "accents in Latin-1", BYTES_LITERAL("\xc9t\xe9 \xe0 N\xeemes\n"), "ete a nimes\n" },
	{ "UTF-8 and Latin-1 in one text", BYTES_LITERAL("été\n\xe9t\xe9\n"), "ete\nete\n" },
	{ "a sharp s and a dotless Turkish I", BYTES_LITERAL("Straße\n"), "strasse\n" },
	{ "runs of blanks", BYTES_LITERAL("a  b\t\tc \t d\n"), "a b c d\n" },
	{ "blanks at both ends", BYTES_LITERAL("  a b  \n\tc\t\n"), "a b\nc\n" },
	{ "a no-break space", BYTES_LITERAL("recu\u00a0: x\n"), "recu : x\n" },
	{ "line ends of another system", BYTES_LITERAL("a\r\nb\r\n"), "a\nb\n" },
	{ "form feed and vertical tab", BYTES_LITERAL("a\fb\vc\n"), "a b c\n" },
	{ "empty lines", BYTES_LITERAL("\n\na\n\n   \n\nb\n\n"), "a\nb\n" },
	{ "remarks", BYTES_LITERAL("# debug\na\n  # x\nb # stays\n#"), "a\nb # stays\n" },
	{ "only remarks and blanks", BYTES_LITERAL("#\n \n"), "" },
	{ "a NUL is seen, it is no blank", BYTES_LITERAL("a\0b\n"), "a\ufffdb\n" },
	{ "a NUL at the end of a line", BYTES_LITERAL("ab\0\n"), "ab\ufffd\n" },
	{ "an unfinished character", BYTES_LITERAL("a\xc3"), "aa\n" },
	{ "a ligature and a full-width letter", BYTES_LITERAL("ﬁn Ａ\n"), "fin a\n" },
};

START_TEST(texts_are_compared_as_the_sheets_say)
{
	struct bytes plain = text_plain(&arena, plains[_i].text);
	ck_assert_msg(bytes_equal(plain, bytes_of(plains[_i].plain)), "%s: %s", plains[_i].what,
		      bytes_show(&arena, plain, 100));
}
END_TEST

START_TEST(a_text_that_is_plain_stays_as_it_is)
{
	for (size_t i = 0; i < ARRAY_SIZE(plains); i++) {
		struct bytes once = bytes_of(plains[i].plain);
		ck_assert_msg(bytes_equal(text_plain(&arena, once), once), "%s", plains[i].what);
	}
}
END_TEST

START_TEST(any_bytes_become_plain_lines)
{
	char bytes[512];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 167 + i / 256);
	struct bytes plain = text_plain(&arena, (struct bytes){ bytes, sizeof bytes });
	ck_assert(plain.len > 0 && plain.at[plain.len - 1] == '\n');
	ck_assert_ptr_null(memchr(plain.at, '\0', plain.len));
}
END_TEST

static const char *const candidates[] = { "await", "expect", "expect-nothing", "send", "signal", "x", NULL };

static const struct {
	const char *word, *nearest; /* NULL: none is near */
} nears[] = {
	{ "expect", "expect" },
	{ "expct", "expect" },
	{ "exepct", "expect" },
	{ "expectt", "expect" },
	{ "sedn", "send" },
	{ "semd", "send" },
	{ "singal", "signal" },
	{ "awiat", "await" },
	{ "banana", NULL },
	{ "snd", "send" },
	{ "", "x" },
	{ "expect-nothin", "expect-nothing" },
	{ "s", "x" },
	{ "qqqqqqqqqqqq", NULL },
};

START_TEST(the_nearest_word_is_found)
{
	const char *found = text_nearest(nears[_i].word, candidates);
	if (nears[_i].nearest == NULL)
		ck_assert_msg(found == NULL, "'%s' is not near '%s'", found, nears[_i].word);
	else
		ck_assert_pstr_eq(found, nears[_i].nearest);
}
END_TEST

START_TEST(a_very_long_word_is_near_to_none)
{
	char word[500];
	memset(word, 'e', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	const char *const same[] = { word, NULL };
	ck_assert_ptr_null(text_nearest(word, candidates));
	ck_assert_ptr_null(text_nearest(word, same));
	const char *const none[] = { NULL };
	ck_assert_ptr_null(text_nearest("x", none));
}
END_TEST

static const struct {
	const char *text;
	size_t width;
} widths[] = {
	{ "", 0 },     { "abc", 3 },  { "été", 3 },   { "e\u0301te\u0301", 3 }, { "€", 1 },
	{ "日本", 4 }, { "\xff", 1 }, { "a\xc3", 2 }, { "\u200b", 0 },
};

START_TEST(the_width_counts_columns)
{
	ck_assert_uint_eq(text_width(widths[_i].text), widths[_i].width);
}
END_TEST

static const struct {
	const char *language, *lc_all, *lc_messages, *lang;
	enum lang is;
} environments[] = {
	{ NULL, NULL, NULL, NULL, LANG_EN },          { NULL, NULL, NULL, "fr_FR.UTF-8", LANG_FR },
	{ NULL, NULL, NULL, "C", LANG_EN },           { NULL, "fr_CA", NULL, "en_GB", LANG_FR },
	{ NULL, "en_GB", "fr_FR", "fr_FR", LANG_EN }, { NULL, NULL, "fr_FR", "en_GB", LANG_FR },
	{ "fr:en", "en_GB", NULL, NULL, LANG_FR },    { "", "", "", "fr", LANG_FR },
};

static void set_or_not(const char *name, const char *value)
{
	if (value == NULL)
		(void)unsetenv(name);
	else
		(void)setenv(name, value, 1);
}

START_TEST(the_language_is_the_environments)
{
	set_or_not("LANGUAGE", environments[_i].language);
	set_or_not("LC_ALL", environments[_i].lc_all);
	set_or_not("LC_MESSAGES", environments[_i].lc_messages);
	set_or_not("LANG", environments[_i].lang);
	ck_assert_int_eq(lang_of_environment(), environments[_i].is);
}
END_TEST

START_TEST(a_sentence_is_said_in_both_languages)
{
	struct text2 t = say(&arena, "« %s » : %d octets", "'%s': %d bytes", "x", 3);
	ck_assert_str_eq(text_in(t, LANG_FR), "« x » : 3 octets");
	ck_assert_str_eq(text_in(t, LANG_EN), "'x': 3 bytes");
}
END_TEST

/* ---- hash ---- */

static const char *hash_of(const char *const *fields, size_t n)
{
	struct hash h;
	char hex[HASH_HEX];
	hash_init(&h);
	for (size_t i = 0; i < n; i++)
		hash_text(&h, fields[i]);
	hash_end(&h, hex);
	return arena_strdup(&arena, hex);
}

START_TEST(a_hash_is_64_digits_and_always_the_same)
{
	const char *fields[] = { "ab", "c" };
	const char *hex = hash_of(fields, 2);
	ck_assert_uint_eq(strlen(hex), 64);
	ck_assert_uint_eq(strspn(hex, "0123456789abcdef"), 64);
	ck_assert_str_eq(hex, hash_of(fields, 2));
	/* SHA-256 of 02 00 00 00 00 00 00 00 'a' 'b' 01 00 00 00 00 00 00 00 'c' */
	ck_assert_str_eq(hex, "43ee655579de01ca739b3f95c1c2d3f46d353b2c0df818064ea594506cdb2617");
}
END_TEST

START_TEST(fields_are_kept_apart)
{
	static const char *const all[][2] = { { "ab", "c" },   { "a", "bc" },   { "abc", "" },  { "", "abc" },
					      { "abc", NULL }, { NULL, "abc" }, { NULL, NULL }, { "", "" } };
	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_str_ne(hash_of(all[i], 2), hash_of(all[k], 2));
	ck_assert_str_ne(hash_of(all[0], 1), hash_of(all[0], 0));
}
END_TEST

START_TEST(bytes_with_nuls_and_numbers_are_hashed_whole)
{
	char hex[3][HASH_HEX];
	for (int i = 0; i < 3; i++) {
		struct hash h;
		hash_init(&h);
		hash_add(&h, "a\0b\0", i == 0 ? 3 : 4);
		hash_number(&h, i == 2 ? INT64_MIN : 1);
		hash_end(&h, hex[i]);
	}
	ck_assert_str_ne(hex[0], hex[1]);
	ck_assert_str_ne(hex[1], hex[2]);
}
END_TEST

/* ---- clock ---- */

START_TEST(the_clock_never_runs_backwards)
{
	int64_t ns = clock_now_ns();
	int64_t us = clock_now_us();
	ck_assert_int_ge(us, ns / 1000);
	ck_assert_int_ge(clock_now_ns(), us * 1000);
}
END_TEST

/* ---- io ---- */

START_TEST(a_file_is_read_whole)
{
	put_file("f", "content");
	ck_assert_int_eq(io_read_file(AT_FDCWD, "f", 7, &buf, &fault), 0);
	ck_assert(bytes_equal(buf_bytes(&buf), BYTES_LITERAL("content")));
	put_file("f", "");
	ck_assert_int_eq(io_read_file(AT_FDCWD, "f", 0, &buf, &fault), 0);
	ck_assert_uint_eq(buf.len, 0);
}
END_TEST

START_TEST(a_file_longer_than_allowed_is_refused)
{
	put_file("f", "content");
	buf_puts(&buf, "before");
	ck_assert_int_eq(io_read_file(AT_FDCWD, "f", 6, &buf, &fault), -1);
	ck_assert_int_eq(fault.kind, FAULT_INPUT);
	ck_assert_str_eq(fault.text, "'f': larger than 6 bytes");
	ck_assert(bytes_equal(buf_bytes(&buf), BYTES_LITERAL("before")));
}
END_TEST

START_TEST(a_file_is_read_below_a_folder)
{
	ck_assert_int_eq(mkdir("d", 0755), 0);
	put_file("d/f", "x");
	int at = open("d", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_eq(io_read_file(at, "f", 10, &buf, &fault), 0);
	ck_assert(bytes_equal(buf_bytes(&buf), BYTES_LITERAL("x")));
	(void)close(at);
}
END_TEST

START_TEST(a_missing_file_is_a_fault_with_its_name)
{
	ck_assert_int_eq(io_read_file(AT_FDCWD, "none", 10, &buf, &fault), -1);
	ck_assert_int_eq(fault.kind, FAULT_SYSTEM);
	ck_assert_int_eq(fault.error, ENOENT);
	ck_assert_str_eq(fault.text, "open 'none': No such file or directory");
}
END_TEST

START_TEST(a_fifo_nobody_writes_to_stops_nobody)
{
	ck_assert_int_eq(mkfifo("pipe", 0600), 0);
	ck_assert_int_eq(io_read_file(AT_FDCWD, "pipe", 10, &buf, &fault), 0);
	ck_assert_uint_eq(buf.len, 0);
}
END_TEST

START_TEST(a_symbolic_link_is_not_followed)
{
	put_file("f", "x");
	ck_assert_int_eq(symlink("f", "link"), 0);
	ck_assert_int_eq(io_read_file(AT_FDCWD, "link", 10, &buf, &fault), -1);
	ck_assert_int_eq(fault.error, ELOOP);
}
END_TEST

START_TEST(a_folder_cannot_be_read)
{
	ck_assert_int_eq(mkdir("d", 0755), 0);
	ck_assert_int_eq(io_read_file(AT_FDCWD, "d", 10, &buf, &fault), -1);
	ck_assert_int_eq(fault.error, EISDIR);
}
END_TEST

START_TEST(everything_is_written_over_short_writes_and_signals)
{
	int fds[2];
	ck_assert_int_eq(pipe(fds), 0);
	(void)fcntl(fds[1], F_SETPIPE_SZ, 4096);
	static char sent[300000];
	for (size_t i = 0; i < sizeof sent; i++)
		sent[i] = (char)(i * 31 + i / 1000);
	pid_t writer = fork();
	if (writer == 0) {
		(void)close(fds[0]);
		_exit(io_write_all(fds[1], sent, sizeof sent, &fault) == 0 ? 0 : 1);
	}
	(void)close(fds[1]);
	ck_assert_int_eq(io_read_all(fds[0], sizeof sent, &buf, &fault), 0);
	(void)close(fds[0]);
	ck_assert(bytes_equal(buf_bytes(&buf), (struct bytes){ sent, sizeof sent }));
	int status;
	ck_assert_int_eq(waitpid(writer, &status, 0), writer);
	ck_assert_int_eq(status, 0);
}
END_TEST

START_TEST(writing_to_a_full_device_is_a_fault)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	ck_assert_int_eq(io_write_all(fd, "x", 1, &fault), -1);
	ck_assert_int_eq(fault.error, ENOSPC);
	(void)close(fd);
}
END_TEST

START_TEST(a_file_is_replaced_whole)
{
	put_file("f", "a much longer content than the new one");
	ck_assert_int_eq(io_replace_file("f", BYTES_LITERAL("new\0"), 0640, &fault), 0);
	ck_assert_int_eq(io_read_file(AT_FDCWD, "f", 100, &buf, &fault), 0);
	ck_assert(bytes_equal(buf_bytes(&buf), BYTES_LITERAL("new\0")));
	struct stat st;
	ck_assert_int_eq(stat("f", &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0640);
}
END_TEST

START_TEST(a_link_is_replaced_and_what_it_points_to_stays)
{
	put_file("target", "old");
	ck_assert_int_eq(symlink("target", "link"), 0);
	ck_assert_int_eq(io_replace_file("link", BYTES_LITERAL("new"), 0644, &fault), 0);
	ck_assert_int_eq(io_read_file(AT_FDCWD, "target", 100, &buf, &fault), 0);
	ck_assert(bytes_equal(buf_bytes(&buf), BYTES_LITERAL("old")));
	ck_assert_int_eq(io_read_file(AT_FDCWD, "link", 100, &buf, &fault), 0);
	ck_assert(bytes_equal(buf_bytes(&buf), BYTES_LITERAL("new")));
}
END_TEST

/* Names in the folder, but for the two that every folder has. */
static int names_here(void)
{
	int n = 0;
	FILE *ls = popen("ls -A | wc -l", "r");
	ck_assert_int_eq(fscanf(ls, "%d", &n), 1);
	(void)pclose(ls);
	return n;
}

START_TEST(a_file_that_cannot_be_replaced_stays_and_nothing_is_left_beside)
{
	ck_assert_int_eq(mkdir("f", 0755), 0);
	put_file("f/inside", "x");
	ck_assert_int_eq(io_replace_file("f", BYTES_LITERAL("new"), 0644, &fault), -1);
	ck_assert_int_eq(fault.kind, FAULT_SYSTEM);
	ck_assert_int_eq(names_here(), 1);
	ck_assert_int_eq(access("f/inside", R_OK), 0);
	ck_assert_int_eq(io_replace_file("none/f", BYTES_LITERAL("new"), 0644, &fault), -1);
	ck_assert_int_eq(fault.error, ENOENT);
}
END_TEST

START_TEST(a_disk_that_is_full_leaves_the_file_as_it_was)
{
	put_file("f", "old");
	(void)signal(SIGXFSZ, SIG_IGN);
	struct rlimit r = { .rlim_cur = 10, .rlim_max = 10 };
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &r), 0);
	ck_assert_int_eq(io_replace_file("f", BYTES_LITERAL("far more than ten bytes"), 0644, &fault), -1);
	ck_assert_int_eq(fault.error, EFBIG);
	ck_assert_int_eq(names_here(), 1);
	ck_assert_int_eq(io_read_file(AT_FDCWD, "f", 100, &buf, &fault), 0);
	ck_assert(bytes_equal(buf_bytes(&buf), BYTES_LITERAL("old")));
}
END_TEST

START_TEST(a_name_too_long_is_a_fault)
{
	char name[5000];
	memset(name, 'n', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	ck_assert_int_eq(io_replace_file(name, BYTES_LITERAL(""), 0644, &fault), -1);
	ck_assert_int_eq(fault.error, ENAMETOOLONG);
	ck_assert_int_eq(io_make_folders(name, 0755, &fault), -1);
	ck_assert_int_eq(fault.error, ENAMETOOLONG);
}
END_TEST

START_TEST(a_short_text_is_put_in_one_write)
{
	put_file("f", "");
	ck_assert_int_eq(io_put("f", "1000 0 1", &fault), 0);
	ck_assert_int_eq(io_read_file(AT_FDCWD, "f", 100, &buf, &fault), 0);
	ck_assert(bytes_equal(buf_bytes(&buf), BYTES_LITERAL("1000 0 1")));
	ck_assert_int_eq(io_put("none", "x", &fault), -1);
	ck_assert_int_eq(fault.error, ENOENT);
	ck_assert_int_eq(io_put("/dev/full", "x", &fault), -1);
	ck_assert_int_eq(fault.error, ENOSPC);
}
END_TEST

START_TEST(missing_folders_are_made)
{
	ck_assert_int_eq(io_make_folders("a/b/c", 0755, &fault), 0);
	ck_assert_int_eq(io_make_folders("a/b/c/", 0755, &fault), 0);
	ck_assert_int_eq(io_make_folders(arena_printf(&arena, "%s/x//y", folder), 0755, &fault), 0);
	ck_assert_int_eq(access("a/b/c", X_OK), 0);
	ck_assert_int_eq(access("x/y", X_OK), 0);
	put_file("a/f", "");
	ck_assert_int_eq(io_make_folders("a/f", 0755, &fault), -1);
	ck_assert_int_eq(fault.error, ENOTDIR);
	ck_assert_int_eq(io_make_folders("a/f/g", 0755, &fault), -1);
	ck_assert_int_eq(io_make_folders("", 0755, &fault), -1);
}
END_TEST

START_TEST(descriptors_are_born_close_on_exec)
{
	put_file("f", "x");
	int before = dup(0);
	(void)close(before);
	ck_assert_int_eq(io_read_file(AT_FDCWD, "f", 100, &buf, &fault), 0);
	ck_assert_int_eq(io_replace_file("f", BYTES_LITERAL("y"), 0644, &fault), 0);
	int after = dup(0);
	ck_assert_int_eq(after, before); /* none is left open */
	(void)close(after);
}
END_TEST

static TCase *case_of(Suite *suite, const char *name)
{
	TCase *t = tcase_create(name);
	suite_add_tcase(suite, t);
	tcase_add_checked_fixture(t, NULL, clean);
	return t;
}

static void add_memory_cases(Suite *suite)
{
	TCase *t = case_of(suite, "fault");
	tcase_add_test(t, a_fault_says_what_failed_and_why);
	tcase_add_test(t, a_fault_without_errno_has_none_in_its_text);
	tcase_add_test(t, wrapping_puts_what_is_known_above_in_front);
	tcase_add_test(t, a_fault_too_long_is_cut_and_still_ends);
	tcase_add_loop_test(t, each_kind_of_fault_has_its_word, 0, (int)ARRAY_SIZE(kind_names));
	t = case_of(suite, "arena");
	tcase_add_test(t, memory_of_an_arena_is_zeroed_and_aligned);
	tcase_add_test(t, an_arena_holds_more_than_a_block);
	tcase_add_test(t, an_arena_can_be_used_after_it_was_freed);
	tcase_add_test(t, a_copy_ends_in_a_nul_that_does_not_count);
	tcase_add_test(t, an_array_grows_and_keeps_what_it_holds);
	tcase_add_loop_test(t, no_memory_ends_the_process_with_a_message, 0, (int)ARRAY_SIZE(out_of_memory));
	t = case_of(suite, "bytes");
	tcase_add_loop_test(t, bytes_are_shown_so_that_a_person_can_read_them, 0, (int)ARRAY_SIZE(shown));
	tcase_add_test(t, every_byte_is_shown_in_visible_ascii_or_utf8);
	tcase_add_test(t, bytes_are_equal_by_length_and_content);
	tcase_add_test(t, bytes_start_with_their_beginning_and_with_nothing);
	tcase_add_test(t, a_buffer_grows_by_whatever_is_added);
	tcase_add_test(t, room_in_a_buffer_counts_only_what_is_used);
	tcase_add_test(t, a_buffer_is_empty_after_it_was_freed);
}

static void add_text_cases(Suite *suite)
{
	TCase *t = case_of(suite, "text");
	tcase_add_loop_test(t, texts_are_compared_as_the_sheets_say, 0, (int)ARRAY_SIZE(plains));
	tcase_add_test(t, a_text_that_is_plain_stays_as_it_is);
	tcase_add_test(t, any_bytes_become_plain_lines);
	tcase_add_loop_test(t, the_nearest_word_is_found, 0, (int)ARRAY_SIZE(nears));
	tcase_add_test(t, a_very_long_word_is_near_to_none);
	tcase_add_loop_test(t, the_width_counts_columns, 0, (int)ARRAY_SIZE(widths));
	tcase_add_loop_test(t, the_language_is_the_environments, 0, (int)ARRAY_SIZE(environments));
	tcase_add_test(t, a_sentence_is_said_in_both_languages);
	t = case_of(suite, "hash");
	tcase_add_test(t, a_hash_is_64_digits_and_always_the_same);
	tcase_add_test(t, fields_are_kept_apart);
	tcase_add_test(t, bytes_with_nuls_and_numbers_are_hashed_whole);
	tcase_add_test(t, the_clock_never_runs_backwards);
}

static void add_io_cases(Suite *suite)
{
	TCase *t = tcase_create("io");
	suite_add_tcase(suite, t);
	tcase_add_checked_fixture(t, enter_folder, leave_folder);
	tcase_add_test(t, a_file_is_read_whole);
	tcase_add_test(t, a_file_longer_than_allowed_is_refused);
	tcase_add_test(t, a_file_is_read_below_a_folder);
	tcase_add_test(t, a_missing_file_is_a_fault_with_its_name);
	tcase_add_test(t, a_fifo_nobody_writes_to_stops_nobody);
	tcase_add_test(t, a_symbolic_link_is_not_followed);
	tcase_add_test(t, a_folder_cannot_be_read);
	tcase_add_test(t, everything_is_written_over_short_writes_and_signals);
	tcase_add_test(t, writing_to_a_full_device_is_a_fault);
	tcase_add_test(t, a_file_is_replaced_whole);
	tcase_add_test(t, a_link_is_replaced_and_what_it_points_to_stays);
	tcase_add_test(t, a_file_that_cannot_be_replaced_stays_and_nothing_is_left_beside);
	tcase_add_test(t, a_disk_that_is_full_leaves_the_file_as_it_was);
	tcase_add_test(t, a_name_too_long_is_a_fault);
	tcase_add_test(t, a_short_text_is_put_in_one_write);
	tcase_add_test(t, missing_folders_are_made);
	tcase_add_test(t, descriptors_are_born_close_on_exec);
}

int main(void)
{
	Suite *suite = suite_create("base");
	add_memory_cases(suite);
	add_text_cases(suite);
	add_io_cases(suite);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
