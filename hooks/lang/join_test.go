package lang_test

import (
	"testing"

	"simpul/hooks/lang"
)

func TestJoinListsWordsAsASentenceDoes(t *testing.T) {
	for _, c := range []struct {
		words  []string
		id, en string
	}{
		{nil, "", ""},
		{[]string{"a"}, "a", "a"},
		{[]string{"a", "b"}, "a dan b", "a and b"},
		{[]string{"a", "b", "c"}, "a, b, dan c", "a, b, and c"},
	} {
		if id, en := lang.Join("id", c.words...), lang.Join("en", c.words...); id != c.id || en != c.en {
			t.Errorf("%v is %q and %q", c.words, id, en)
		}
	}
}
