#include "small_vocabulary.h"

#include "spec/manual.h"
#include "spec/spec_fields.h"

#include <check.h>
#include <jansson.h>

static struct arena arena;
static struct buf out;

static void clean(void)
{
	arena_done(&arena);
	buf_done(&out);
}

static void ck_holds(const char *text)
{
	ck_assert_msg(strstr(out.at, text) != NULL, "no \"%s\" in:\n%s", text, out.at);
}

static void make(void (*manual)(struct arena *a, const struct vocabulary *v, struct buf *ret))
{
	manual(&arena, &small_vocabulary, &out);
	buf_add(&out, "", 1);
	out.len--;
}

START_TEST(the_text_names_every_kind_and_field)
{
	make(manual_text);
	const struct kind *const *const lists[] = { small_actors, small_steps, small_probes, small_checks };
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		for (const struct kind *const *k = lists[i]; *k != NULL; k++)
			ck_holds(arena_printf(&arena, "\n  %s - %s\n", (*k)->name, (*k)->help));
	for (size_t i = 0; spec_tables[i] != NULL; i++)
		for (size_t f = 0; f < spec_tables[i]->n; f++)
			ck_holds(arena_printf(&arena, "\n      %-12s  ", spec_tables[i]->fields[f].key));
}
END_TEST

START_TEST(the_text_tells_type_limits_default_and_choices)
{
	make(manual_text);
	ck_holds("      time          duration; 1ms to 10min; default 10s\n");
	ck_holds("      run           list of texts; required; 1 to 100 items\n");
	ck_holds("      rule          choice; share (the share of its cases that pass, by weight) | all (");
	ck_holds("  connect - connects\n      works on tcp-client\n");
	ck_holds("  repeat - does steps again\n      stands alone, under no actor\n");
}
END_TEST

START_TEST(markdown_has_a_table_for_each_kind)
{
	make(manual_markdown);
	ck_holds("### `send`\n\nsends bytes. Works on udp-client or tcp-client.\n\n| key | value | meaning "
		 "|\n|---|---|---|\n"
		 "| `send` | payload; required | what to send |\n");
	ck_holds("## Rubric line\n");
	ck_holds("share (the share of its cases that pass, by weight) \\| all");
}
END_TEST

/* Every $ref of the schema leads somewhere. */
static void ck_refs(const json_t *n, const json_t *defs)
{
	const char *key = NULL;
	json_t *item = NULL;
	size_t i = 0;
	if (json_is_array(n))
		json_array_foreach(n, i, item) ck_refs(item, defs);
	if (!json_is_object(n))
		return;
	json_object_foreach((json_t *)n, key, item)
	{
		if (strcmp(key, "$ref") == 0) {
			const char *name = json_string_value(item) + strlen("#/$defs/");
			ck_assert_msg(json_object_get(defs, name) != NULL, "%s", name);
		} else {
			ck_refs(item, defs);
		}
	}
}

START_TEST(the_schema_is_whole)
{
	make(manual_schema);
	json_error_t error;
	json_t *schema = json_loads(out.at, JSON_REJECT_DUPLICATES, &error);
	ck_assert_msg(schema != NULL, "%s", error.text);
	const json_t *defs = json_object_get(schema, "$defs");
	ck_refs(schema, defs);
	static const char *const names[] = { "payload",     "step",  "case",  "limits",
					     "rubric line", "actor", "check", "probe" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		ck_assert_msg(json_is_object(json_object_get(defs, names[i])), "%s", names[i]);
	json_decref(schema);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("manual");
	TCase *t = tcase_create("manual");
	tcase_add_checked_fixture(t, NULL, clean);
	tcase_add_test(t, the_text_names_every_kind_and_field);
	tcase_add_test(t, the_text_tells_type_limits_default_and_choices);
	tcase_add_test(t, markdown_has_a_table_for_each_kind);
	tcase_add_test(t, the_schema_is_whole);
	suite_add_tcase(suite, t);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
