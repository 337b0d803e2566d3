package markdown_test

import (
	"errors"
	"strings"
	"testing"

	"simpul/hooks/markdown"
)

func TestHTMLRendersWhatMinutesNeed(t *testing.T) {
	const rel = ` rel="nofollow noreferrer"`
	cases := map[string]struct{ source, want string }{
		"nothing":    {"", ""},
		"paragraphs": {"Satu.\n\nDua.", "<p>Satu.</p>\n<p>Dua.</p>\n"},
		"line ends":  {"Satu.\nDua.\r\nTiga.", "<p>Satu.<br>\nDua.<br>\nTiga.</p>\n"},
		"emphasis": {
			"**tebal** _miring_ ~~coret~~ `kode`",
			"<p><strong>tebal</strong> <em>miring</em> <del>coret</del> <code>kode</code></p>\n",
		},
		"lists":       {"- a\n- b\n\n3. c\n4. d", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start=\"3\">\n<li>c</li>\n<li>d</li>\n</ol>\n"},
		"a quote":     {"> kata mereka", "<blockquote>\n<p>kata mereka</p>\n</blockquote>\n"},
		"a rule":      {"a\n\n- - - - - - - - - - - - - - - - - - - - -\n\nb", "<p>a</p>\n<hr>\n<p>b</p>\n"},
		"code":        {"```go\na < b\n```", "<pre><code>a &lt; b\n</code></pre>\n"},
		"a link":      {"[situs](https://kemensos.go.id/a?b=1&c=2)", `<p><a href="https://kemensos.go.id/a?b=1&amp;c=2"` + rel + ">situs</a></p>\n"},
		"bare links":  {"https://a.id dan www.b.id", `<p><a href="https://a.id"` + rel + `>https://a.id</a> dan <a href="http://www.b.id"` + rel + ">www.b.id</a></p>\n"},
		"an address":  {"tulis ke dinas@kota.go.id", `<p>tulis ke <a href="mailto:dinas@kota.go.id"` + rel + ">dinas@kota.go.id</a></p>\n"},
		"a telephone": {"[telepon](tel:+62243510000)", `<p><a href="tel:+62243510000"` + rel + ">telepon</a></p>\n"},
		"own pages":   {"[tugas](/tasks/1)", "<p>tugas</p>\n"},
		"naughty but harmless characters": {
			"Ω≈ç√ 田中さん 👩‍👩‍👧 \u202eabc\u202c e\u0301",
			"<p>Ω≈ç√ 田中さん 👩‍👩‍👧 \u202eabc\u202c e\u0301</p>\n",
		},
		"broken UTF-8": {"a\xffb", "<p>a\uFFFDb</p>\n"},
	}
	for name, c := range cases {
		got, err := markdown.HTML(c.source)
		if err != nil || got != c.want {
			t.Errorf("%s: HTML(%q) = %q, %v, want %q", name, c.source, got, err, c.want)
		}
		if found := faults(got); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestTaskListBoxesAreDisabledAndNamed(t *testing.T) {
	got, err := markdown.HTML("- [ ] belum\n- [x] sudah\n")
	want := "<ul>\n" +
		"<li><input type=\"checkbox\" disabled=\"\" aria-label=\"☐\"> belum</li>\n" +
		"<li><input type=\"checkbox\" disabled=\"\" checked=\"\" aria-label=\"✓\"> sudah</li>\n</ul>\n"
	if err != nil || got != want {
		t.Errorf("HTML = %q, %v, want %q", got, err, want)
	}
}

func TestTablesKeepTheirAlignmentWithoutStyles(t *testing.T) {
	got, err := markdown.HTML("| a | b |\n|:-:|--:|\n| 1 | 2 |\n")
	want := `<th align="center">a</th> <th align="right">b</th> <td align="center">1</td> <td align="right">2</td>`
	for cell := range strings.SplitSeq(want, "> <") {
		if cell = strings.Trim(cell, "<>"); err != nil || !strings.Contains(got, cell) {
			t.Errorf("the table lacks %q: %s, %v", cell, got, err)
		}
	}
}

func TestHeadingsStartBelowThePagesOwnAndLeaveNoGap(t *testing.T) {
	cases := map[string][]string{
		"# a\n\n## b\n\n### c\n\n# d":         {"<h3>a", "<h4>b", "<h5>c", "<h3>d"},
		"### a\n\n###### b\n\n## c":           {"<h3>a", "<h4>b", "<h4>c"},
		"# a\n\n## b\n\n### c\n\n#### d":      {"<h3>a", "<h4>b", "<h5>c", "<h6>d"},
		"# a\n## b\n### c\n#### d\n###### e":  {"<h3>a", "<h4>b", "<h5>c", "<h6>d", "<h6>e"},
		"Kesimpulan\n==========\n\nLain\n---": {"<h3>Kesimpulan", "<h4>Lain"},
	}
	for source, want := range cases {
		got, err := markdown.HTML(source)
		for _, heading := range want {
			if err != nil || !strings.Contains(got, heading) {
				t.Errorf("HTML(%q) = %q, %v, want %s in it", source, got, err, heading)
			}
		}
	}
}

func TestImagesBecomeLinksAndLinksHaveWords(t *testing.T) {
	const rel = ` rel="nofollow noreferrer"`
	cases := map[string]string{
		"![foto rapat](https://a.id/f.jpg)":                `<p><a href="https://a.id/f.jpg"` + rel + ">foto rapat</a></p>\n",
		"![](https://a.id/f.jpg)":                          `<p><a href="https://a.id/f.jpg"` + rel + ">https://a.id/f.jpg</a></p>\n",
		"[![foto](https://a.id/f.jpg)](https://b.id)":      `<p><a href="https://b.id"` + rel + ">foto</a></p>\n",
		"![lihat [ini](https://b.id)](https://a.id/f.jpg)": `<p>lihat <a href="https://b.id"` + rel + ">ini</a></p>\n",
		"[](https://a.id)":                                 `<p><a href="https://a.id"` + rel + ">https://a.id</a></p>\n",
		"![foto](foto.jpg)":                                "<p>foto</p>\n",
	}
	for source, want := range cases {
		if got, err := markdown.HTML(source); err != nil || got != want {
			t.Errorf("HTML(%q) = %q, %v, want %q", source, got, err, want)
		}
	}
}

func TestATextTooLongIsRefused(t *testing.T) {
	// Characters count, not bytes: each of these takes three bytes.
	if got, err := markdown.HTML(strings.Repeat("ꦱ", markdown.MaxLength)); err != nil || !strings.HasPrefix(got, "<p>ꦱ") {
		t.Errorf("a text of exactly the greatest length: %.40q, %v", got, err)
	}
	if got, err := markdown.HTML(strings.Repeat("a", markdown.MaxLength+1)); !errors.Is(err, markdown.ErrTooLong) || got != "" {
		t.Errorf("one character more: %.40q, %v, want ErrTooLong", got, err)
	}
	// A browser sends line ends as two characters; they count as one, as the person typed them.
	if _, err := markdown.HTML(strings.Repeat("a\r\n", markdown.MaxLength/2)); err != nil {
		t.Errorf("line ends of two characters: %v", err)
	}
}
