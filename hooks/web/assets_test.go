package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"simpul/hooks/testkit"
	"simpul/hooks/web"
)

const forever = "public, max-age=31536000, immutable"

// sheet is the address of the style sheet as pages give it.
func sheet(t *testing.T, path string, w *testkit.World) string {
	t.Helper()
	href, ok := w.As(nil).Get(path).Want(http.StatusOK).Doc().Find(`link[rel="stylesheet"]`).Attr("href")
	if !ok || !regexp.MustCompile(`^/assets/[0-9a-f]{12}/css/app\.css$`).MatchString(href) {
		t.Fatalf("the style sheet is at %q", href)
	}
	return href
}

func asked(w *testkit.World, path, encoding string) *testkit.Response {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	if encoding != "" {
		req.Header.Set("Accept-Encoding", encoding)
	}
	return w.As(w.Partner).Do(req)
}

func TestEveryPublicFileIsServedForEver(t *testing.T) {
	w := world(t)
	base := strings.TrimSuffix(sheet(t, "/sign-in", w), "css/app.css")
	kinds := map[string]string{".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json"}
	seen := 0
	root := filepath.Join(testkit.Root(), "pb_public")
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		seen++
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		stored, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		r := asked(w, base+filepath.ToSlash(name), "")
		if r.Status != http.StatusOK || r.Body != string(stored) {
			t.Errorf("%s: status %d, %d bytes of %d", name, r.Status, len(r.Body), len(stored))
		}
		if got := r.Header.Get("Cache-Control"); got != forever {
			t.Errorf("%s: kept as %q", name, got)
		}
		if got := r.Header.Get("Content-Type"); !strings.HasPrefix(got, kinds[filepath.Ext(name)]) || got == "" {
			t.Errorf("%s: sent as %q", name, got)
		}
		if cookies := r.Header["Set-Cookie"]; len(cookies) > 0 {
			t.Errorf("%s: a file that anybody may keep sets %v", name, cookies)
		}
		return nil
	})
	if err != nil || seen < 12 {
		t.Errorf("%d files seen, %v", seen, err)
	}
}

func TestFilesTravelCompressedWhereThatIsShorter(t *testing.T) {
	w := world(t)
	css := sheet(t, "/sign-in", w)
	plain, zipped := asked(w, css, ""), asked(w, css, "br, gzip")
	if plain.Header.Get("Content-Encoding") != "" || zipped.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("sent as %q and %q", plain.Header.Get("Content-Encoding"), zipped.Header.Get("Content-Encoding"))
	}
	if len(zipped.Body)*2 > len(plain.Body) {
		t.Errorf("%d bytes become %d", len(plain.Body), len(zipped.Body))
	}
	r, err := gzip.NewReader(bytes.NewReader([]byte(zipped.Body)))
	if err != nil {
		t.Fatal(err)
	}
	unpacked, err := io.ReadAll(r)
	if err != nil || string(unpacked) != plain.Body {
		t.Errorf("unpacks to something else, %v", err)
	}
	for _, r := range []*testkit.Response{plain, zipped} {
		if r.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("varies by %q", r.Header.Get("Vary"))
		}
	}
	png := strings.Replace(css, "css/app.css", "img/icon-512.png", 1)
	if got := asked(w, png, "gzip"); got.Header.Get("Content-Encoding") != "" && len(got.Body) >= len(asked(w, png, "").Body) {
		t.Error("a picture is sent longer than it is")
	}
}

func TestAnOldAddressFindsThePresentFileButIsNotKept(t *testing.T) {
	w := world(t)
	css := sheet(t, "/sign-in", w)
	old := regexp.MustCompile(`/[0-9a-f]{12}/`).ReplaceAllString(css, "/000000000000/")
	r := asked(w, old, "")
	if r.Status != http.StatusOK || r.Body != asked(w, css, "").Body || r.Header.Get("Cache-Control") != "no-cache" {
		t.Errorf("status %d, kept as %q", r.Status, r.Header.Get("Cache-Control"))
	}
}

func TestOnlyPublicFilesAreServed(t *testing.T) {
	w := world(t)
	base := strings.TrimSuffix(sheet(t, "/sign-in", w), "css/app.css")
	for _, name := range []string{"css/none.css", "", "css", "css/", "../templates/layout.html", "..%2f..%2fgo.mod", "%2e%2e/go.mod", "css/app.css/", "CSS/app.css"} {
		if r := asked(w, base+name, ""); r.Status == http.StatusOK {
			t.Errorf("%q is served: %.80s", name, r.Body)
		}
	}
	missing := asked(w, base+"css/none.css", "")
	if missing.Status != http.StatusNotFound || missing.Header.Get("Cache-Control") == forever {
		t.Errorf("status %d, kept as %q", missing.Status, missing.Header.Get("Cache-Control"))
	}
}

// The sheets build on each other: what stands later wins.
func TestTheStyleSheetLaysItsConcernsInOrder(t *testing.T) {
	w := world(t)
	css := asked(w, sheet(t, "/sign-in", w), "").Body
	at := -1
	for _, name := range []string{"tokens", "reset", "base", "layout", "parts", "utilities", "print"} {
		part, err := os.ReadFile(filepath.Join(testkit.Root(), "pb_public", "css", name+".css"))
		if err != nil {
			t.Fatal(err)
		}
		found := strings.Index(css, string(part))
		if found <= at {
			t.Errorf("%s stands at %d, after %d", name, found, at)
		}
		at = found
	}
	entries, err := os.ReadDir(filepath.Join(testkit.Root(), "pb_public", "css"))
	if err != nil || len(entries) != 7 {
		t.Errorf("%d style sheets, %v: a new one must be laid too", len(entries), err)
	}
}

func TestAnotherFileMakesAnotherAddress(t *testing.T) {
	before := sheet(t, "/sign-in", world(t))
	dir := t.TempDir()
	if err := os.CopyFS(dir, testkit.Public()); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "js", "app.js"), []byte("// another"), 0o644); err != nil {
		t.Fatal(err)
	}
	changed, err := web.Open(extra(t, map[string]string{"test/plain.html": `{{define "main"}}{{.Words}}{{end}}`}), os.DirFS(dir), nil)
	if err != nil {
		t.Fatal(err)
	}
	if after := sheet(t, "/shown", testkit.New(t, showing(changed, "test/plain"))); after == before {
		t.Error("browsers would keep the old script")
	}
}
