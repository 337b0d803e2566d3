package access

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
	"simpul/hooks/markdown"
)

// Invalid refuses a value: pages show the sentence in the reader's language at
// the field, PocketBase's API and admin UI show it in both languages.
func Invalid(field, key string, args ...any) error {
	params := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		if name, ok := args[i].(string); ok {
			params[name] = args[i+1]
		}
	}
	said := append([]any{"label", field}, args...)
	sentence := lang.T("id", key, said...) + " / " + lang.T("en", key, said...)
	return validation.Errors{field: validation.NewError(key, unbraced.Replace(sentence)).SetParams(params)}
}

// unbraced keeps a sentence from being read as a template by the validation library.
var unbraced = strings.NewReplacer("{{", "{ {", "}}", "} }")

// spoken gives PocketBase's own codes our sentences.
var spoken = map[string]string{
	"validation_required":                        "problem.needed",
	"validation_not_unique":                      "problem.already_there",
	"validation_max_text_constraint":             "problem.too_long",
	"validation_invalid_mime_type":               "problem.wrong_file",
	"validation_file_size_limit":                 "problem.too_big_file",
	"validation_is_email":                        "problem.not_an_address",
	"validation_invalid_email":                   "problem.not_an_address",
	"validation_is_url":                          "problem.not_a_link",
	"validation_invalid_url":                     "problem.not_a_link",
	"validation_invalid_value":                   "problem.not_a_choice",
	"validation_missing_rel_records":             "problem.not_a_choice",
	"validation_min_text_constraint":             "problem.too_short",
	"validation_min_number_constraint":           "problem.not_a_number",
	"validation_values_mismatch":                 "problem.not_the_same",
	"validation_only_int_constraint":             "problem.not_whole",
	"validation_max_number_constraint":           "problem.too_large",
	"validation_invalid_password":                "problem.wrong_password",
	"validation_invalid_old_password":            "problem.wrong_password",
	"validation_length_out_of_range":             "problem.too_short",
	"validation_length_too_short":                "problem.too_short",
	"validation_length_too_long":                 "problem.too_long",
	"validation_min_greater_equal_than_required": "problem.not_a_number",
}

// Problems turns errors about fields into sentences of the catalogue, in a
// steady order.
func Problems(fields validation.Errors) lang.Problems {
	var out lang.Problems
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		key, args := "problem.not_accepted", []any{}
		var known validation.Error
		if errors.As(fields[name], &known) {
			key, args = sentence(known)
		}
		out.Add(name, key, args...)
	}
	return out
}

func sentence(e validation.Error) (key string, args []any) {
	for name, value := range e.Params() {
		args = append(args, name, value)
	}
	if lang.Has(e.Code()) {
		return e.Code(), args
	}
	if key, ok := spoken[e.Code()]; ok {
		if limit, ok := e.Params()["max"]; ok {
			args = append(args, "n", limit)
		}
		return key, args
	}
	return "problem.not_accepted", args
}

// machine lists fields that programs write: hashes, keys and addresses of
// browsers may hold sixteen digits in a row by chance.
var machine = map[string]bool{
	"once": true, "source_key": true, "sha256": true, "uid": true, "tokenKey": true, "password": true,
	"endpoint": true, "p256dh": true, "auth": true,
}

// unguarded are the collections that only the hub itself writes.
var unguarded = map[string]bool{"deliveries": true, "activity": true, "minutes_revisions": true, "push_messages": true}

// RefuseSixteenDigits keeps national identity and family card numbers out of
// every field that a person can fill: beneficiaries are counted, never recorded.
func RefuseSixteenDigits(e *core.RecordEvent) error {
	c := e.Record.Collection()
	if c.System || unguarded[c.Name] {
		return e.Next()
	}
	for _, f := range c.Fields {
		name := f.GetName()
		if machine[name] || !typed(f) {
			continue
		}
		if markdown.SixteenDigits(spelled(e.Record, f)) {
			return Invalid(name, "problem.sixteen_digits")
		}
	}
	return e.Next()
}

// typed reports whether a field holds what somebody typed.
func typed(f core.Field) bool {
	switch f.Type() {
	case core.FieldTypeText, core.FieldTypeEditor, core.FieldTypeURL, core.FieldTypeEmail, core.FieldTypeJSON, core.FieldTypeNumber:
		return !f.GetSystem() || f.GetName() == "email"
	}
	return false
}

// spelled is a field's value as it was typed; a number has no exponent then.
func spelled(r *core.Record, f core.Field) string {
	if f.Type() == core.FieldTypeNumber {
		return strconv.FormatFloat(r.GetFloat(f.GetName()), 'f', -1, 64)
	}
	return r.GetString(f.GetName())
}
