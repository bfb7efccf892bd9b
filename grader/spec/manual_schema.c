/*
 * The JSON Schema. jansson's values are counted: every function here returns a new reference, and json_pack's "o" and
 * json_object_set_new take it over.
 */
#include "spec/manual.h"

#include "spec/spec_fields.h"

#include <jansson.h>
#include <string.h>

/* A text of a case may hold ${variable}, whatever it becomes. */
#define VARIABLE "\\$\\{"

/*
 * Types whose form does not depend on the field, as JSON with ' for ". The patterns are those of the readers, or a
 * variable.
 */
#define REF(name) "{'$ref': '#/$defs/" name "'}"
#define ONLY(key, value)                                                                                     \
	"{'type': 'object', 'additionalProperties': false, 'required': ['" key "'], 'properties': {'" key    \
	"': " value "}}"

static const struct definition {
	const char *name, *json;
} definitions[] = {
	{ "text", "{'type': ['string', 'number', 'boolean', 'null']}" },
	{ "text2",
	  "{'anyOf': [" REF("text") ", {'type': 'object', 'additionalProperties': false, 'minProperties': 1,"
				    " 'properties': {'fr': " REF("text") ", 'en': " REF("text") "}}]}" },
	{ "texts", "{'anyOf': [" REF("text") ", {'type': 'array', 'items': " REF("text") "}]}" },
	{ "number",
	  "{'anyOf': [{'type': 'integer'}, {'type': 'string', 'pattern': '^-?[0-9]+$|\\\\$\\\\{'}]}" },
	{ "duration", "{'anyOf': [{'const': 0}, {'type': 'string', 'pattern': "
		      "'^(0|(0|[1-9][0-9]*)(us|ms|s|min))$|\\\\$\\\\{'}]}" },
	{ "size", "{'anyOf': [{'type': 'integer', 'minimum': 0},"
		  " {'type': 'string', 'pattern': '^(0|[1-9][0-9]*)(B|KiB|MiB|GiB)?$|\\\\$\\\\{'}]}" },
	{ "points", "{'anyOf': [{'type': 'number'},"
		    " {'type': 'string', 'pattern': '^(0|[1-9][0-9]*)(\\\\.[0-9][0-9]?)?$|\\\\$\\\\{'}]}" },
	{ "endpoint", "{'type': 'string'}" },
	{ "socket", "{'type': 'string', 'pattern': '^(udp|tcp)(:[0-9]+)?$|\\\\$\\\\{'}" },
	{ "hex", "{'type': ['string', 'integer'], 'pattern': '^( *[0-9a-fA-F]{2})* *$|\\\\$\\\\{'}" },
	{ "packed",
	  "{'anyOf': [" REF("payload") ", {'type': 'object', 'minProperties': 1, 'maxProperties': 1,"
				       " 'additionalProperties': false,"
				       " 'patternProperties': {'^([ui]8|[ui](16|32|64)[bl]e)$': " REF(
					       "number") "}}]}" },
	{ "payload",
	  "{'anyOf': [" REF("text") ", {'type': 'array', 'items': " REF("payload") "}, " ONLY(
		  "text",
		  REF("te"
		      "x"
		      "t")) ", " ONLY("hex",
				      REF("hex")) ", " ONLY("all-bytes",
							    "{'const': true}") ", " ONLY("pack",
											 "{'type': 'array', "
											 "'items': " REF(
												 "packed") "}") ","
														" {'type': "
														"'object', "
														"'additionalP"
														"roperties': "
														"false, "
														"'required': "
														"['repeat', "
														"'times'],"
														" '"
														"properties':"
														" {'repeat':"
														" " REF("payl"
															"oad") ", 'times': " REF("numb"
																		 "er") "}}]}" },
	{ "pattern", "{'anyOf': [" REF("payload") ", " ONLY("starts", REF("payload")) ", " ONLY(
			     "any", "{'const': true}") ", " ONLY("length", REF("number")) "]}" },
	{ "steps", "{'type': 'array', 'items': " REF("step") "}" },
	{ "variables",
	  "{'type': 'object', 'minProperties': 1, 'additionalProperties': {'type': 'array', 'minItems': 1,"
	  " 'items': {'anyOf': [" REF("text") ", {'type': 'object', 'additionalProperties': " REF(
		  "text") "}]}}}" },
};

static json_t *definition(const char *quoted)
{
	CLEANUP(buf_done) struct buf json = { 0 };
	buf_puts(&json, quoted);
	for (size_t i = 0; i < json.len; i++)
		if (json.at[i] == '\'')
			json.at[i] = '"';
	return json_loadb(json.at, json.len, 0, NULL);
}

static json_t *ref(const char *name)
{
	return json_pack("{s:s+}", "$ref", "#/$defs/", name);
}

static json_t *map_of(const char *name)
{
	return json_pack("{s:s, s:o}", "type", "object", "additionalProperties", ref(name));
}

static json_t *list_of(const char *name)
{
	return json_pack("{s:s, s:o}", "type", "array", "items", ref(name));
}

/* Parts of the file that a table only names. */
static const struct part {
	const char *key;
	json_t *(*make)(const char *name);
	const char *name;
} parts[] = {
	{ "programs", map_of, "program" },   { "limits", ref, "limits" },
	{ "rubric", map_of, "rubric line" }, { "cases", list_of, "case" },
	{ "foreach", ref, "variables" },     { "actors", map_of, "actor" },
	{ "scenario", ref, "steps" },        { "checks", list_of, "check" },
};

static json_t *part_schema(const struct field *f)
{
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		if (strcmp(parts[i].key, f->key) == 0)
			return parts[i].make(parts[i].name);
	return json_object();
}

/* The value, or a text that a variable makes it. */
static json_t *or_variable(json_t *schema)
{
	return json_pack("{s:[o, {s:s, s:s}]}", "anyOf", schema, "type", "string", "pattern", VARIABLE);
}

static json_t *int_schema(const struct field *f)
{
	json_t *number = json_pack("{s:s}", "type", "integer");
	if (f->min != 0 || f->max != 0)
		(void)json_object_set_new(number, "minimum", json_integer(f->min));
	if (f->max > f->min || f->max > 0)
		(void)json_object_set_new(number, "maximum", json_integer(f->max));
	return json_pack("{s:[o, {s:s, s:s}]}", "anyOf", number, "type", "string", "pattern",
			 "^-?[0-9]+$|" VARIABLE);
}

static json_t *choice_schema(const struct field *f)
{
	json_t *names = json_array();
	for (const struct choice *c = f->choices; c != NULL && c->name != NULL; c++)
		(void)json_array_append_new(names, json_string(c->name));
	return or_variable(json_pack("{s:o}", "enum", names));
}

static json_t *value_schema(const struct field *f)
{
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_ACTOR:
		return ref("text");
	case FIELD_TEXT2:
		return ref("text2");
	case FIELD_TEXTS:
		return ref("texts");
	case FIELD_BYTES:
		return ref("payload");
	case FIELD_PATTERN:
		return ref("pattern");
	case FIELD_INT:
		return int_schema(f);
	case FIELD_DURATION:
		return ref("duration");
	case FIELD_SIZE:
		return ref("size");
	case FIELD_POINTS:
		return ref("points");
	case FIELD_BOOL:
		return or_variable(json_pack("{s:s}", "type", "boolean"));
	case FIELD_CHOICE:
		return choice_schema(f);
	case FIELD_ENDPOINT:
		return ref("endpoint");
	case FIELD_SOCKET:
		return ref("socket");
	case FIELD_PROBE:
		return ref("probe");
	case FIELD_STEPS:
		return ref("steps");
	case FIELD_NODE:
		return part_schema(f);
	}
	return json_object();
}

static json_t *field_schema(const struct field *f)
{
	json_t *schema = value_schema(f);
	if (f->help != NULL)
		(void)json_object_set_new(schema, "description", json_string(f->help));
	if (f->dflt != NULL)
		(void)json_object_set_new(schema, "default", json_string(f->dflt));
	return schema;
}

static json_t *object_schema(json_t *properties, json_t *required)
{
	/* what needs no key may be nothing at all: "program:" */
	json_t *type = json_array_size(required) > 0 ? json_string("object")
						     : json_pack("[s, s]", "object", "null");
	return json_pack("{s:o, s:b, s:o, s:o}", "type", type, "additionalProperties", 0, "properties",
			 properties, "required", required);
}

static json_t *table_schema(const struct field_table *t)
{
	json_t *properties = json_object();
	json_t *required = json_array();
	for (size_t i = 0; i < t->n; i++) {
		(void)json_object_set_new(properties, t->fields[i].key, field_schema(&t->fields[i]));
		if (t->fields[i].required)
			(void)json_array_append_new(required, json_string(t->fields[i].key));
	}
	return object_schema(properties, required);
}

/* --- kinds --- */

/* Under the name of a kind without main field: nothing, or its fields. */
static json_t *inside_schema(const struct kind *k)
{
	json_t *properties = json_object();
	for (size_t i = 0; i < k->n_fields; i++)
		(void)json_object_set_new(properties, k->fields[i].key, field_schema(&k->fields[i]));
	return json_pack("{s:[s, s], s:b, s:o}", "type", "object", "null", "additionalProperties", 0,
			 "properties", properties);
}

static json_t *kind_schema(const struct kind *k, bool is_step)
{
	json_t *properties = json_object();
	json_t *required = json_pack("[s]", k->name);
	bool has_main = false;
	for (size_t i = 0; i < k->n_fields; i++)
		has_main = has_main || k->fields[i].main;
	if (!has_main)
		(void)json_object_set_new(properties, k->name, inside_schema(k));
	for (size_t i = 0; i < k->n_fields; i++) {
		const struct field *f = &k->fields[i];
		(void)json_object_set_new(properties, f->main ? k->name : f->key, field_schema(f));
		/* without main field they may stand inside instead */
		if (f->required && has_main && !f->main)
			(void)json_array_append_new(required, json_string(f->key));
	}
	for (size_t i = 0; is_step && i < step_table.n; i++)
		(void)json_object_set_new(properties, step_table.fields[i].key,
					  field_schema(&step_table.fields[i]));
	json_t *schema = object_schema(properties, required);
	(void)json_object_set_new(schema, "description", json_string(k->help));
	return schema;
}

static bool needs_fields(const struct kind *k)
{
	for (size_t i = 0; i < k->n_fields; i++)
		if (k->fields[i].required)
			return true;
	return false;
}

/* Any of the kinds, as a map or, if it needs nothing, by its name alone. */
static json_t *any_kind(const struct kind *const *kinds, bool is_step, bool no_actor)
{
	json_t *any = json_array();
	json_t *names = json_array();
	for (; kinds != NULL && *kinds != NULL; kinds++) {
		if ((*kinds)->no_actor != no_actor)
			continue;
		(void)json_array_append_new(any, kind_schema(*kinds, is_step));
		if (!needs_fields(*kinds))
			(void)json_array_append_new(names, json_string((*kinds)->name));
	}
	if (json_array_size(names) > 0)
		(void)json_array_append_new(any, json_pack("{s:o}", "enum", names));
	else
		json_decref(names);
	return json_pack("{s:o}", "anyOf", any);
}

/* ACTOR: what it does; or a step that stands alone. */
static json_t *step_schema(const struct kind *const *steps)
{
	json_t *of_actor = json_pack("{s:s, s:i, s:i, s:o}", "type", "object", "minProperties", 1,
				     "maxProperties", 1, "additionalProperties", ref("what an actor does"));
	json_t *alone = any_kind(steps, true, true);
	if (json_array_size(json_object_get(alone, "anyOf")) > 0)
		return json_pack("{s:[o, o]}", "anyOf", alone, of_actor);
	json_decref(alone);
	return of_actor;
}

static json_t *all_definitions(const struct vocabulary *v)
{
	json_t *defs = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(definitions); i++)
		(void)json_object_set_new(defs, definitions[i].name, definition(definitions[i].json));
	for (size_t i = 0; spec_tables[i] != NULL; i++)
		if (spec_tables[i] != &spec_table && spec_tables[i] != &step_table)
			(void)json_object_set_new(defs, spec_tables[i]->name, table_schema(spec_tables[i]));
	(void)json_object_set_new(defs, "actor", any_kind(v->actors, false, false));
	(void)json_object_set_new(defs, "probe", any_kind(v->probes, false, false));
	(void)json_object_set_new(defs, "check", any_kind(v->checks, false, false));
	(void)json_object_set_new(defs, "what an actor does", any_kind(v->steps, true, false));
	(void)json_object_set_new(defs, "step", step_schema(v->steps));
	return defs;
}

void manual_schema(struct arena *a, const struct vocabulary *v, struct buf *out)
{
	(void)a;
	json_t *schema = table_schema(&spec_table);
	(void)json_object_set_new(schema, "$schema",
				  json_string("https://json-schema.org/draft/2020-12/schema"));
	(void)json_object_set_new(schema, "title", json_string("A spec of grader"));
	(void)json_object_set_new(schema, "$defs", all_definitions(v));
	char *text = must_alloc(json_dumps(schema, JSON_INDENT(2) | JSON_SORT_KEYS));
	buf_puts(out, text);
	buf_puts(out, "\n");
	free(text);
	json_decref(schema);
}
