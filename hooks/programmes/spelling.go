package programmes

// Spelling brings the name of an organisation to a form in which two spellings
// of it are equal: case, punctuation, spaces, legal forms and common short
// forms do not count. It is "" for a name without letters or digits.
func Spelling(name string) string { return sameName(name) }
