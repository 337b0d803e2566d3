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
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"simpul/hooks/access"
)

// maxUpload is the largest file a page takes, in bytes.
const maxUpload = 8 << 20

// fingerprint is where a record in memory keeps the hash of a file that has
// been made ready; it is never stored under this name.
const fingerprint = "@sha256"

// subjects are the records of which a piece of evidence proves exactly one.
var subjects = []string{"contribution", "task", "milestone", "meeting"}

// Develop makes the file of a new piece of evidence ready to be kept: pictures
// are drawn anew. It runs before the transaction of the save, so that nobody
// waits in line behind somebody's large photo.
func Develop(e *core.RecordEvent) error {
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

// SettleEvidence writes down who uploaded a file and its hash, and shows it to
// the team only unless somebody says otherwise.
func SettleEvidence(e *core.RecordEvent) error {
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

// CheckEvidence refuses evidence that proves nothing or several things, that
// belongs to another programme, and photos about whose people nothing is said.
func CheckEvidence(e *core.RecordEvent) error {
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
