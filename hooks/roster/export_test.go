package roster

// What the tests of the schema and the pages look at from outside.
var (
	Subtypes       = subtypes
	HelixOf        = helixOf
	SubtypeOptions = subtypeOptions
)
