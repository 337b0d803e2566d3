package page

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

// styles are the concerns of the style sheet in the order they are laid on.
var styles = []string{"tokens", "reset", "base", "layout", "parts", "utilities", "print"}

const bundle = "css/app.css"

// assets holds our own files in memory under a hash of them all, so that
// browsers may keep them for ever and still never see an old one.
type assets struct {
	hash  string
	files map[string]asset
}

type asset struct {
	kind          string
	plain, zipped []byte
}

func loadAssets(public fs.FS) (*assets, error) {
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	err := fs.WalkDir(public, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(public, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d ", name, len(raw))
		sum.Write(raw)
		return a.add(name, raw)
	})
	if err != nil {
		return nil, err
	}
	if err := a.bundleStyles(public); err != nil {
		return nil, err
	}
	a.hash = hex.EncodeToString(sum.Sum(nil))[:12]
	return a, nil
}

// bundleStyles makes one sheet of all: one request on a slow line, not seven.
func (a *assets) bundleStyles(public fs.FS) error {
	var all bytes.Buffer
	for _, name := range styles {
		raw, err := fs.ReadFile(public, "css/"+name+".css")
		if err != nil {
			return err
		}
		all.Write(raw)
		all.WriteByte('\n')
	}
	return a.add(bundle, all.Bytes())
}

func (a *assets) add(name string, raw []byte) error {
	kind := mime.TypeByExtension(path.Ext(name))
	if strings.HasSuffix(name, ".webmanifest") {
		kind = "application/manifest+json"
	}
	var zipped bytes.Buffer
	w, err := gzip.NewWriterLevel(&zipped, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := w.Write(raw); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	a.files[name] = asset{kind: kind, plain: raw, zipped: zipped.Bytes()}
	return nil
}

// url is where a file of pb_public is found.
func (a *assets) url(name string) string { return "/assets/" + a.hash + "/" + name }

// Asset serves a file of pb_public. Its URL holds the hash of all files, so an
// answer stays true for ever; an old hash still finds the present file but must
// not be kept.
func Asset(e *core.RequestEvent) error {
	a := site(e.App).assets
	file, ok := a.files[e.Request.PathValue("path")]
	if !ok {
		return e.NotFoundError("", nil)
	}
	h := e.Response.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	if e.Request.PathValue("hash") != a.hash {
		h.Set("Cache-Control", "no-cache")
	}
	return file.send(e)
}

// Worker serves the service worker. It stands at the root of the site, or it could not speak for all of it, and
// browsers ask each time whether it is still the same.
func Worker(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-cache")
	return site(e.App).assets.files["js/sw.js"].send(e)
}

// send answers with the file, compressed where that is shorter.
func (a asset) send(e *core.RequestEvent) error {
	h := e.Response.Header()
	h.Set("Vary", "Accept-Encoding")
	body := a.plain
	if strings.Contains(e.Request.Header.Get("Accept-Encoding"), "gzip") && len(a.zipped) < len(a.plain) {
		h.Set("Content-Encoding", "gzip")
		body = a.zipped
	}
	return e.Blob(http.StatusOK, a.kind, body)
}

// Missing answers every address that leads nowhere, whatever is asked of it.
func Missing(e *core.RequestEvent) error { return e.NotFoundError("", nil) }
