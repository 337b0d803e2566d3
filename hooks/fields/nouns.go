package fields

// Nouns are the collections described here; the others have no forms, or hand
// written ones.
var Nouns = []Noun{Organisations, Contacts, Programmes, Stakeholders, Tasks, Comments, Meetings, Contributions, Evidence, NilReports,
	Indicators, IndicatorValues}

// Organisations are who takes part.
var Organisations = Noun{"organisations", []Field{
	{"name", Team, Values, Asked | Need},
	{"short_name", Team, NameOnly, Asked},
	{"helix", Team, Values, Asked | Need},
	{"subtype", Team, Values, Asked | Shown},
	{"province", Team, NameOnly, Asked},
	{"regency", Team, NameOnly, Asked | Shown},
	{"address", Team, NameOnly, Asked | Long | Shown},
	{"email", Team, NameOnly, Asked | Shown},
	{"phone", Team, NameOnly, Asked | Shown},
	{"website", Team, NameOnly, Asked | Shown},
	{"note", Team, NameOnly, Asked | Long | Draft},
	{"mail_frequency", Team, NameOnly, Asked},
	{"send_at", Team, NameOnly, Asked},
	{"parent", Team, Values, Unasked | Shown},
	{"verified_at", Hub, NameOnly, 0},
	{"verified_by", Hub, NameOnly, 0},
	{"merged_into", Hub, NameOnly, 0},
	{"example", Team, NameOnly, Unasked}, // hidden, so that only administrators write it
	{"once", Creation, NameOnly, 0},
}}

// Contacts are positions at organisations and who holds them.
var Contacts = Noun{"contacts", []Field{
	{"organisation", Creation, Values, 0},
	{"position", Team, NameOnly, Asked | Need},
	{"name", Team, NameOnly, Asked},
	{"email", Team, NameOnly, Asked},
	{"phone", Team, NameOnly, Asked},
	{"focal_point", Team, NameOnly, Asked},
	{"language", Team, NameOnly, Asked},
	{"from_on", Team, Values, Asked},
	{"until_on", Team, Values, Asked},
	{"time_zone", Team, NameOnly, Unasked},
	{"user", Hub, Values, 0},
}}

// Programmes are the collaborations.
var Programmes = Noun{"programmes", []Field{
	{"name", Team, Values, Asked | Need},
	{"status", Team, Values, Change | Need},
	{"owner", Team, Values, Asked | Need},
	{"province", Team, NameOnly, Asked},
	{"regency", Team, NameOnly, Asked},
	{"starts_on", Team, Values, Asked | Beside},
	{"ends_on", Team, Values, Asked},
	{"expansion", Team, NameOnly, Asked | More},
	{"kind", Team, NameOnly, Asked | More},
	{"time_zone", Team, Values, Asked | More},
	{"summary", Team, NameOnly, Asked | Long | Draft | More},
	{"mail_frequency", Team, NameOnly, Change | Mail},
	{"send_at", Team, NameOnly, Change | Mail},
	{"parent", Team, NameOnly, Unasked},
	{"target_groups", Team, NameOnly, Unasked},
	{"public", Team, NameOnly, Unasked},
	{"adopted_from", Creation, NameOnly, 0},
	{"slug", Creation, Values, 0},
	{"template", Hub, NameOnly, 0},
	{"example", Hub, NameOnly, 0},
	{"once", Creation, NameOnly, 0},
}}

// Stakeholders are the places of organisations in programmes.
var Stakeholders = Noun{"stakeholders", []Field{
	{"programme", Creation, NameOnly, 0},
	{"organisation", Creation, Values, New | Need},
	{"role", Team, NameOnly, Asked},
	{"position", Team, NameOnly, Asked},
	{"responsibility", Team, NameOnly, Asked | Long | Draft},
	{"joined_on", Team, Values, Asked},
	{"helix", Team, Values, Change},
	{"partner_status", Team, NameOnly, Asked | More},
	{"engagement_level", Team, NameOnly, Asked | More},
	{"comms_strategy", Team, NameOnly, Asked | Long | Draft | More},
	{"urgent", Team, NameOnly, Asked | More},
	{"ended_on", Team, Values, Unasked},
	{"once", Creation, NameOnly, 0},
}}

// Tasks are what has been agreed to be done.
var Tasks = Noun{"tasks", []Field{
	{"programme", Creation, NameOnly, 0},
	{"title", Team, NameOnly, Asked | Need | Draft},
	{"organisation", Team, Values, Asked | Need | Filter},
	{"due_on", Team, Values, Asked},
	{"due_reason", Team, NameOnly, Unasked}, // asked for another due day only, and passed on to a comment
	{"accountable", Team, Values, Asked | Shown},
	{"details", Team, NameOnly, Asked | Long | Draft},
	{"urgency", Team, Values, Asked},
	{"assignee", Team, NameOnly, Asked | More},
	{"stage", Team, NameOnly, Asked | More | Shown},
	{"milestone", Team, NameOnly, Asked | More | Shown},
	{"starts_on", Team, NameOnly, Asked | More | Shown},
	{"meeting", Team, NameOnly, Unasked | Shown},
	{"blocked_by", Team, NameOnly, Unasked},
	{"recurrence", Team, NameOnly, Unasked},
	{"recurs_from", Team, NameOnly, Unasked},
	{"position", Team, NameOnly, Unasked},
	{"state", Partner, Values, Unasked},
	{"reply", Partner, Values, Unasked},
	{"reply_reason", Partner, NameOnly, Unasked},
	{"files", Partner, NameOnly, Unasked},
	{"source_key", Hub, NameOnly, 0},
	{"done_at", Hub, NameOnly, 0},
	{"done_by", Hub, NameOnly, 0},
	{"once", Creation, NameOnly, 0},
}}

// Comments stand under a task, a meeting or a contribution.
var Comments = Noun{"comments", []Field{
	{"programme", Creation, NameOnly, 0},
	{"task", Creation, Values, 0},
	{"meeting", Creation, Values, 0},
	{"contribution", Creation, Values, 0},
	{"body", Creation, NameOnly, New | Need | Long | Draft},
	{"visibility", Creation, Values, New | Need},
	{"author", Hub, NameOnly, 0},
	{"once", Creation, NameOnly, 0},
}}

// Meetings are when and where people come together.
var Meetings = Noun{"meetings", []Field{
	{"programme", Creation, NameOnly, 0},
	{"title", Team, NameOnly, Asked | Need | Draft},
	{"kind", Team, NameOnly, Asked | Need},
	{"mode", Team, NameOnly, Asked | Need},
	{"place", Team, NameOnly, Asked},
	{"link", Team, NameOnly, Asked},
	{"agenda", Team, NameOnly, Asked | Long | Draft},
	{"time_zone", Team, NameOnly, Asked | Need | More},
	{"chair", Team, NameOnly, Asked | More | Shown},
	{"taken_by", Team, NameOnly, Asked | More | Shown},
	{"status", Team, Values, Asked | Need | More},
	{"starts_at", Team, Values, Unasked}, // asked as a day and an hour
	{"ends_at", Team, NameOnly, Unasked},
	{"quorum_note", Team, NameOnly, Unasked},
	{"series", Team, NameOnly, Unasked},
	{"uid", Restored, NameOnly, 0},
	{"sequence", Restored, NameOnly, 0},
	{"once", Creation, NameOnly, 0},
}}

// Contributions are what partners give.
var Contributions = Noun{"contributions", []Field{
	{"programme", Creation, NameOnly, 0},
	{"contributor", Creation, Values, New | Need},
	{"kind", Partner, Values, Asked | Need | Draft},
	{"item", Partner, NameOnly, Asked | Need | Draft},
	{"quantity", Partner, NameOnly, Asked | Need | Draft | AtLeast0},
	{"unit", Partner, NameOnly, Asked | Need | Draft},
	{"given_on", Partner, NameOnly, Asked | More},
	{"stage", Partner, NameOnly, Asked | More},
	{"value_idr", Partner, NameOnly, Asked | Draft | More},
	{"value_basis", Partner, NameOnly, Asked | More},
	{"place", Partner, NameOnly, Asked | Draft | More},
	{"people_reached", Partner, NameOnly, Asked | Draft | More | AtLeast0},
	{"channelled_through", Partner, NameOnly, Asked | More},
	{"recipient", Partner, NameOnly, Asked | More},
	{"note", Partner, NameOnly, Asked | Long | Draft | More},
	{"task", Partner, NameOnly, Unasked},
	{"pledge", Partner, NameOnly, Unasked},
	{"review_status", Hub, Values, 0},
	{"submitted_at", Hub, NameOnly, 0},
	{"received_quantity", Hub, NameOnly, 0},
	{"received_by", Hub, NameOnly, 0},
	{"received_at", Hub, NameOnly, 0},
	{"verified_quantity", Hub, NameOnly, 0},
	{"verified_value_idr", Hub, NameOnly, 0},
	{"reviewed_by", Hub, NameOnly, 0},
	{"reviewed_at", Hub, NameOnly, 0},
	{"review_note", Hub, NameOnly, 0},
	{"number", Hub, Values, 0},
	{"logged_by", Hub, NameOnly, 0},
	{"on_behalf", Hub, NameOnly, 0},
	{"once", Creation, NameOnly, 0},
}}

// Evidence proves what was given or done.
var Evidence = Noun{"evidence", []Field{
	{"programme", Creation, NameOnly, 0},
	{"contribution", Creation, NameOnly, 0},
	{"task", Creation, NameOnly, 0},
	{"milestone", Creation, NameOnly, 0},
	{"meeting", Creation, NameOnly, 0},
	{"kind", Creation, Values, 0},
	{"file", Creation, NameOnly, 0},
	{"url", Creation, NameOnly, 0},
	{"caption", Creation, NameOnly, 0},
	{"visibility", Creation, Values, 0},
	{"people_in_it", Creation, NameOnly, 0},
	{"sha256", Hub, NameOnly, 0},
	{"uploaded_by", Hub, NameOnly, 0},
}}

// NilReports say that there was nothing to give in a month.
var NilReports = Noun{"nil_reports", []Field{
	{"programme", Creation, NameOnly, 0},
	{"organisation", Creation, Values, 0},
	{"month", Creation, Values, 0},
	{"said_by", Hub, NameOnly, 0},
}}

// Indicators are what a programme measures.
var Indicators = Noun{"indicators", []Field{
	{"programme", Creation, NameOnly, 0},
	{"name", Team, NameOnly, New | Need},
	{"unit", Team, NameOnly, New | Need},
	{"type", Team, NameOnly, New | Need},
	{"direction", Team, NameOnly, New | Need},
	{"period", Team, NameOnly, New | Need},
	{"method", Team, NameOnly, New | Need},
	{"baseline", Team, NameOnly, New | AtLeast0},
	{"baseline_on", Team, NameOnly, New},
	{"baseline_source", Team, NameOnly, New},
	{"target", Team, Values, New | AtLeast0},
	{"target_on", Team, Values, New},
	{"stage", Team, NameOnly, Unasked},
	{"public", Team, NameOnly, Unasked},
	{"derived_from", Team, NameOnly, Unasked},
	{"once", Creation, NameOnly, 0},
}}

// IndicatorValues are what was measured.
var IndicatorValues = Noun{"indicator_values", []Field{
	{"indicator", Creation, NameOnly, 0},
	{"value", Creation, Values, New | Need},
	{"on", Creation, Values, New | Need},
	{"source", Creation, NameOnly, New},
	{"note", Creation, NameOnly, New | Long},
	{"corrects", Creation, NameOnly, 0},
	{"entered_by", Hub, NameOnly, 0},
	{"once", Creation, NameOnly, 0},
}}
