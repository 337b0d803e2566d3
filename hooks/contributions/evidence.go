package contributions

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/web"
)

// maxUpload is the largest file a page takes, in bytes.
const maxUpload = 8 << 20

// fingerprint is where a record in memory keeps the hash of a file that has
// been made ready; it is never stored under this name.
const fingerprint = "@sha256"

// subjects are the records of which a piece of evidence proves exactly one.
var subjects = []string{"contribution", "task", "milestone", "meeting"}

// ProcessPhoto makes the file of a new piece of evidence ready to be kept: pictures
// are drawn anew. It runs before the transaction of the save, so that nobody
// waits in line behind somebody's large photo.
func ProcessPhoto(e *core.RecordEvent) error {
	if err := ready(e.Record); err != nil {
		return err
	}
	return e.Next()
}

// ready does the work of Develop once for each record.
func ready(r *core.Record) error {
	files := r.GetUnsavedFiles("file")
	if len(files) != 1 || r.GetString(fingerprint) != "" || files[0].Size > 2*maxUpload {
		return nil
	}
	sum, err := redraw(files[0])
	switch {
	case errors.Is(err, errTooLarge):
		return access.Invalid("file", "evidence.problem_pixels")
	case errors.Is(err, errNotReadable):
		return access.Invalid("file", "problem.wrong_file")
	case err != nil:
		return fmt.Errorf("evidence: %w", err)
	}
	r.SetRaw(fingerprint, sum)
	return nil
}

// redraw replaces a picture by a fresh JPEG, leaves other files as they are, and
// returns the hash of what will be stored.
func redraw(file *filesystem.File) (sum string, err error) {
	raw, err := content(file)
	if err != nil {
		return "", err
	}
	if isPicture(raw) {
		if raw, err = develop(raw); err != nil {
			return "", err
		}
		file.Reader = &filesystem.BytesReader{Bytes: raw}
		file.Size = int64(len(raw))
		file.Name = strings.TrimSuffix(file.Name, path.Ext(file.Name)) + ".jpg"
	}
	hash := sha256.Sum256(raw)
	return hex.EncodeToString(hash[:]), nil
}

func content(file *filesystem.File) ([]byte, error) {
	reader, err := file.Reader.Open()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	var raw bytes.Buffer
	_, err = io.Copy(&raw, reader)
	return raw.Bytes(), err
}

// NormalizeEvidence writes down who uploaded a file and its hash, and shows it to
// the team only unless somebody says otherwise.
func NormalizeEvidence(e *core.RecordEvent) error {
	r := e.Record
	if actor := access.Actor(r); r.IsNew() && actor != nil && !actor.IsSuperuser() {
		r.Set("uploaded_by", actor.Id)
	}
	if sum := r.GetString(fingerprint); sum != "" {
		r.Set("sha256", sum)
	}
	setDefault(r, "visibility", "team")
	setDefault(r, "kind", "photo")
	return e.Next()
}

// ValidateEvidence refuses evidence that proves nothing or several things, that
// belongs to another programme, and photos about whose people nothing is said.
func ValidateEvidence(e *core.RecordEvent) error {
	r := e.Record
	named := 0
	for _, subject := range subjects {
		id := r.GetString(subject)
		if id == "" {
			continue
		}
		named++
		if err := sameProgramme(e.App, r, subject, id); err != nil {
			return err
		}
	}
	files := r.GetUnsavedFiles("file")
	switch {
	case named != 1:
		return access.Invalid("contribution", "evidence.problem_subject")
	case len(files) == 0 && r.GetString("file") == "" && r.GetString("url") == "":
		return access.Invalid("file", "evidence.problem_nothing")
	case len(files) == 1 && strings.HasSuffix(files[0].Name, ".jpg") && r.GetString("people_in_it") == "":
		return access.Invalid("people_in_it", "evidence.problem_people")
	}
	return e.Next()
}

func sameProgramme(app core.App, r *core.Record, subject, id string) error {
	if r.Original().GetString(subject) == id {
		return nil
	}
	var programme string
	err := app.DB().Select("programme").From(subject + "s").Where(dbx.HashExp{"id": id}).Row(&programme)
	if err == nil && programme != r.GetString("programme") {
		return access.Invalid(subject, "problem.another_programme")
	}
	return nil // one that does not exist is the field's own check
}

// noConsent is an answer that the form offers and the hub never stores.
const noConsent = "beneficiaries_no_consent"

// photoInputs ask for a photo or a PDF and for who can be seen in it.
func photoInputs(language string) []*web.Input {
	people := []web.Option{}
	for _, code := range []string{"none", "staff_only", "beneficiaries_consented", noConsent} {
		people = append(people, web.Option{Value: code, Label: lang.T(language, "evidence.people_in_it."+code)})
	}
	return []*web.Input{
		web.File("photo").Label("evidence.photo").Hint("evidence.photo_hint"),
		web.Choice("people_in_it", people).Label("evidence.people_in_it").Hint("evidence.people_in_it_hint"),
		web.Text("caption").Label("evidence.caption").Max(500),
	}
}

// checkPhoto says at the fields what is wrong with a photo. Browsers do not
// send a file twice, so a form that comes back asks for it again.
func checkPhoto(form *web.Form) {
	file := form.Upload("photo")
	if file == nil {
		return
	}
	raw, err := content(file)
	switch {
	case file.Size > maxUpload:
		form.AddError("photo", "problem.too_big_file")
	case err != nil || !isPicture(raw) && !isPDF(raw):
		form.AddError("photo", "evidence.problem_kind")
	case form.Value("people_in_it") == noConsent:
		form.AddError("people_in_it", "evidence.problem_no_consent")
	case isPicture(raw) && form.Value("people_in_it") == "":
		form.AddError("people_in_it", "evidence.problem_people")
	}
	if !form.OK() && !refused(form, "photo") {
		form.AddError("photo", "evidence.problem_again")
	}
}

// newProof makes the evidence of a form's photo, ready to be saved; nil if no
// file was sent.
func newProof(d *access.Scope, form *web.Form) (*core.Record, error) {
	file := form.Upload("photo")
	if file == nil {
		return nil, nil
	}
	r, err := d.New("evidence")
	if err != nil {
		return nil, err
	}
	raw, err := content(file)
	if err != nil {
		return nil, err
	}
	r.Set("kind", "photo")
	if isPDF(raw) {
		r.Set("kind", "other_document")
	}
	r.Set("file", file)
	r.Set("caption", form.Value("caption"))
	r.Set("people_in_it", form.Value("people_in_it"))
	r.Set("visibility", "team")
	return r, atPhoto(ready(r))
}

// attach saves evidence of a contribution.
func attach(d *access.Scope, proof, gift *core.Record) error {
	proof.Set("programme", gift.GetString("programme"))
	proof.Set("contribution", gift.Id)
	return atPhoto(d.Create(proof))
}

// atPhoto puts a sentence about a stored file where its form has the photo.
func atPhoto(err error) error {
	var fields validation.Errors
	if !errors.As(err, &fields) || fields["file"] == nil {
		return err
	}
	return validation.Errors{"photo": fields["file"]}
}

// give saves a gift and its photo, both or neither. A form sent twice gives once.
func give(d *access.Scope, gift, proof *core.Record) (*core.Record, error) {
	if proof == nil {
		return d.CreateIdempotent(gift)
	}
	made := gift
	err := d.InTransaction(func(d *access.Scope) (err error) {
		if made, err = d.CreateIdempotent(gift); err != nil || made != gift {
			return err
		}
		return attach(d, proof, gift)
	})
	return made, err
}

// smallSide is how long the longer side of a small picture is, as a size of
// PocketBase's thumbnails.
const smallSide = "480x0"

// Proof is one piece of evidence as the page of a contribution shows it.
type Proof struct {
	ID, URL, Small, Label, When, People string
	MayRemove                           bool
}

// evidence lists what proves the contribution and the reader may see.
func (s *contributionView) evidence(language string) ([]Proof, error) {
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

func (s *contributionView) proof(r *core.Record, language string) Proof {
	p := Proof{
		ID:        r.Id,
		URL:       r.GetString("url"),
		Label:     r.GetString("caption"),
		When:      lang.Moment(language, r.GetDateTime("created").Time(), s.p.Zone()),
		MayRemove: s.d.Can(access.MayDropProof, r),
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
