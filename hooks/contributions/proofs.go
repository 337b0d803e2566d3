package contributions

import (
	"errors"
	"path"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"simpul/hooks/access"
	"simpul/hooks/lang"
)

// smallSide is how long the longer side of a small picture is, as a size of
// PocketBase's thumbnails.
const smallSide = "480x0"

// Proof is one piece of evidence as the page of a contribution shows it.
type Proof struct {
	ID, URL, Small, Label, When, People string
	MayRemove                           bool
}

// evidence lists what proves the contribution and the reader may see.
func (s *sight) evidence(language string) ([]Proof, error) {
	found, err := s.d.List("evidence", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"evidence.contribution": s.c.ID()}).OrderBy("evidence.created", "evidence.rowid").Limit(50)
	})
	if err != nil {
		return nil, err
	}
	proofs := []Proof{}
	for _, r := range found {
		proofs = append(proofs, s.proof(r, language))
	}
	return proofs, nil
}

func (s *sight) proof(r *core.Record, language string) Proof {
	p := Proof{
		ID:        r.Id,
		URL:       r.GetString("url"),
		Label:     r.GetString("caption"),
		When:      lang.Moment(language, r.GetDateTime("created").Time(), s.p.Zone()),
		MayRemove: s.d.May(access.MayDropProof, r),
	}
	if p.Label == "" {
		p.Label = lang.T(language, "evidence.kind."+r.GetString("kind"))
	}
	if people := r.GetString("people_in_it"); people != "" {
		p.People = lang.T(language, "evidence.people_in_it."+people)
	}
	if file := r.GetString("file"); file != "" {
		p.URL = "/evidence/" + r.Id + "/file"
		if path.Ext(file) == ".jpg" {
			p.Small = p.URL + "?small=1"
		}
	}
	return p
}

// serve sends a file to one reader. Browsers may keep it for an hour, shared
// caches never, and nothing in it is run.
func serve(e *core.RequestEvent, proof *core.Record) error {
	name := proof.GetString("file")
	if name == "" {
		return access.ErrRefused
	}
	files, err := e.App.NewFilesystem()
	if err != nil {
		return err
	}
	defer files.Close()
	key := proof.BaseFilesPath() + "/" + name
	if e.Request.URL.Query().Get("small") != "" && path.Ext(name) == ".jpg" {
		small := proof.BaseFilesPath() + "/thumbs_" + name + "/" + smallSide + "_" + name
		if ready, err := files.Exists(small); err != nil || !ready {
			err = files.CreateThumb(key, small, smallSide)
			if err != nil {
				return err
			}
		}
		key = small
	}
	h := e.Response.Header()
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Del("Content-Security-Policy") // the file's own, stricter one takes its place
	err = files.Serve(e.Response, e.Request, key, name)
	if errors.Is(err, filesystem.ErrNotFound) {
		return access.ErrRefused
	}
	return err
}
