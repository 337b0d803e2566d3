package contributions

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
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

// hashKey is where a record in memory keeps the hash of its processed file; it is never stored under this name.
const hashKey = "@sha256"

// evidenceLinks are the records of which evidence proves exactly one.
var evidenceLinks = access.Links{Anchor: "programme", Fields: []access.Link{
	access.SameProgramme("contribution", "contributions"), access.SameProgramme("task", "tasks"),
	access.SameProgramme("milestone", "milestones"), access.SameProgramme("meeting", "meetings"),
}}

// ProcessPhoto re-encodes the picture of new evidence. It runs before the transaction of the save, which a large
// photo would hold open.
func ProcessPhoto(e *core.RecordEvent) error {
	return proceed(e, processFile(e.Record))
}

// processFile replaces a new picture by a fresh JPEG and hashes the file, once for each record.
func processFile(r *core.Record) error {
	files := r.GetUnsavedFiles("file")
	if len(files) != 1 || r.GetString(hashKey) != "" || files[0].Size > 2*maxUpload {
		return nil
	}
	file := files[0]
	raw, err := readFile(file)
	if err == nil && isPicture(raw) {
		raw, err = reencode(raw)
		file.Reader, file.Size = &filesystem.BytesReader{Bytes: raw}, int64(len(raw))
		file.Name = strings.TrimSuffix(file.Name, path.Ext(file.Name)) + ".jpg"
	}
	switch {
	case errors.Is(err, errTooLarge):
		return access.Invalid("file", "evidence.problem_pixels")
	case errors.Is(err, errNotReadable):
		return access.Invalid("file", "problem.wrong_file")
	case err != nil:
		return fmt.Errorf("evidence: %w", err)
	}
	hash := sha256.Sum256(raw)
	r.SetRaw(hashKey, hex.EncodeToString(hash[:]))
	return nil
}

func readFile(file *filesystem.File) ([]byte, error) {
	reader, err := file.Reader.Open()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	return io.ReadAll(reader)
}

// NormalizeEvidence records who uploaded a file and its hash. Only the team sees it unless somebody chooses
// otherwise.
func NormalizeEvidence(e *core.RecordEvent) error {
	r := e.Record
	if user := access.UserID(access.Actor(r)); r.IsNew() && user != "" {
		r.Set("uploaded_by", user)
	}
	if hash := r.GetString(hashKey); hash != "" {
		r.Set("sha256", hash)
	}
	access.SetDefault(r, "visibility", "team")
	access.SetDefault(r, "kind", "photo")
	return e.Next()
}

// ValidateEvidence refuses evidence of nothing or of several records, of another programme, and photos without an
// answer about the people in them.
func ValidateEvidence(e *core.RecordEvent) error {
	r := e.Record
	named := 0
	for _, link := range evidenceLinks.Fields {
		if r.GetString(link.Field) != "" {
			named++
		}
	}
	if err := evidenceLinks.Check(e.App, r, dbx.Params{}); err != nil {
		return err
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

// noConsent is an answer that the form offers and that is never stored.
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

func photoForm(e *core.RequestEvent) *web.Form {
	return web.NewForm(e, "evidence", photoInputs(web.Language(e))...)
}

// validatePhoto adds errors about the photo to the form. Browsers do not send a file twice, so a form with any
// error asks for it again.
func validatePhoto(form *web.Form) {
	file := form.Upload("photo")
	if file == nil {
		return
	}
	raw, err := readFile(file)
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
	if !form.OK() && !hasError(form, "photo") {
		form.AddError("photo", "evidence.problem_again")
	}
}

// newEvidence makes the evidence of a form's photo, processed and ready to be saved; nil if no file was sent.
func newEvidence(d *access.Scope, form *web.Form) (*core.Record, error) {
	file := form.Upload("photo")
	if file == nil {
		return nil, nil
	}
	r, err := d.New("evidence")
	if err != nil {
		return nil, err
	}
	raw, err := readFile(file)
	if err != nil {
		return nil, err
	}
	r.Load(map[string]any{"kind": "photo", "visibility": "team", "file": file,
		"caption": form.Value("caption"), "people_in_it": form.Value("people_in_it")})
	if isPDF(raw) {
		r.Set("kind", "other_document")
	}
	return r, atPhoto(processFile(r))
}

// saveEvidence saves evidence of a contribution.
func saveEvidence(d *access.Scope, evidence, contribution *core.Record) error {
	evidence.Set("programme", contribution.GetString("programme"))
	evidence.Set("contribution", contribution.Id)
	return atPhoto(d.Create(evidence))
}

// atPhoto moves an error about the stored file to the form's field photo.
func atPhoto(err error) error {
	var fields validation.Errors
	if !errors.As(err, &fields) || fields["file"] == nil {
		return err
	}
	return validation.Errors{"photo": fields["file"]}
}

// AddEvidence stores a photo or a PDF that proves a contribution.
func AddEvidence(e *core.RequestEvent) error {
	v, err := loadView(e)
	if err != nil {
		return err
	}
	if !v.p.Roles.Team && !v.isContributor() {
		return access.ErrRefused
	}
	form := photoForm(e)
	if err := form.Read(e); err != nil {
		return err
	}
	if form.Upload("photo") == nil {
		form.AddError("photo", "evidence.problem_nothing")
	}
	if validatePhoto(form); form.OK() {
		err = v.addEvidence(form)
	}
	if form.AddErrors(err) || err == nil && !form.OK() {
		return v.show(e, http.StatusUnprocessableEntity, sentForms{photo: form})
	}
	if err != nil {
		return err
	}
	return web.RedirectWithFlash(e, v.url()+"#evidence", "evidence.added")
}

// addEvidence stores what the form holds; a form sent twice adds nothing.
func (v *contributionView) addEvidence(form *web.Form) error {
	evidence, err := newEvidence(v.d, form)
	if err != nil {
		return err
	}
	same, err := v.d.List("evidence", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{
			"evidence.contribution": v.r.Id, "evidence.uploaded_by": v.reader(), "evidence.sha256": evidence.GetString(hashKey),
			"evidence.caption": evidence.GetString("caption"), "evidence.people_in_it": evidence.GetString("people_in_it"),
		}).Limit(1)
	})
	if err != nil || len(same) > 0 {
		return err
	}
	return saveEvidence(v.d, evidence, v.r)
}

// RemoveEvidence deletes a piece of evidence with its file.
func RemoveEvidence(e *core.RequestEvent) error {
	d := web.Scope(e)
	evidence, err := d.View("evidence", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if err := d.Delete(evidence); err != nil {
		return err
	}
	return web.RedirectWithFlash(e, "/contributions/"+evidence.GetString("contribution"), "evidence.removed")
}

// smallSize is the width of a small picture, as a size of PocketBase's thumbnails.
const smallSize = "480x0"

// EvidenceFile sends the file of a piece of evidence to those who may see it. Browsers may cache it for an hour,
// shared caches never, and nothing in it is run.
func EvidenceFile(e *core.RequestEvent) error {
	evidence, err := web.Scope(e).View("evidence", e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	name := evidence.GetString("file")
	if name == "" {
		return access.ErrRefused
	}
	files, err := e.App.NewFilesystem()
	if err != nil {
		return err
	}
	defer files.Close()
	key := evidence.BaseFilesPath() + "/" + name
	if e.Request.URL.Query().Get("small") != "" && path.Ext(name) == ".jpg" {
		original := key
		key = evidence.BaseFilesPath() + "/thumbs_" + name + "/" + smallSize + "_" + name
		found, err := files.Exists(key)
		if err != nil || !found {
			err = files.CreateThumb(original, key, smallSize)
		}
		if err != nil {
			return err
		}
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

// evidenceItem is one piece of evidence as the page of a contribution shows it.
type evidenceItem struct {
	ID, URL, Small, Label, When, People string
	MayRemove                           bool
}

// listEvidence lists what proves the contribution and the reader may see.
func (v *contributionView) listEvidence(language string) ([]evidenceItem, error) {
	found, err := v.d.List("evidence", func(q *dbx.SelectQuery) {
		q.AndWhere(dbx.HashExp{"evidence.contribution": v.r.Id}).OrderBy("evidence.created", "evidence.rowid").Limit(50)
	})
	items := make([]evidenceItem, 0, len(found))
	for _, r := range found {
		item := evidenceItem{
			ID: r.Id, URL: r.GetString("url"), Label: r.GetString("caption"),
			When:      lang.Moment(language, r.GetDateTime("created").Time(), v.p.Zone()),
			MayRemove: v.d.Can(access.MayDropProof, r),
		}
		if item.Label == "" {
			item.Label = lang.T(language, "evidence.kind."+r.GetString("kind"))
		}
		if people := r.GetString("people_in_it"); people != "" {
			item.People = lang.T(language, "evidence.people_in_it."+people)
		}
		if file := r.GetString("file"); file != "" {
			item.URL = "/evidence/" + r.Id + "/file"
			if path.Ext(file) == ".jpg" {
				item.Small = item.URL + "?small=1"
			}
		}
		items = append(items, item)
	}
	return items, err
}
