package contributions

import (
	"errors"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/lang"
	"simpul/hooks/page"
)

// noConsent is an answer that the form offers and the hub never stores.
const noConsent = "beneficiaries_no_consent"

// photoInputs ask for a photo or a PDF and for who can be seen in it.
func photoInputs(language string) []*page.Input {
	people := []page.Option{}
	for _, code := range []string{"none", "staff_only", "beneficiaries_consented", noConsent} {
		people = append(people, page.Option{Value: code, Label: lang.T(language, "evidence.people_in_it."+code)})
	}
	return []*page.Input{
		page.File("photo").Label("evidence.photo").Hint("evidence.photo_hint"),
		page.Choice("people_in_it", people).Label("evidence.people_in_it").Hint("evidence.people_in_it_hint"),
		page.Text("caption").Label("evidence.caption").Max(500),
	}
}

// checkPhoto says at the fields what is wrong with a photo. Browsers do not
// send a file twice, so a form that comes back asks for it again.
func checkPhoto(form *page.Form) {
	file := form.Upload("photo")
	if file == nil {
		return
	}
	raw, err := content(file)
	switch {
	case file.Size > maxUpload:
		form.Refuse("photo", "problem.too_big_file")
	case err != nil || !isPicture(raw) && !isPDF(raw):
		form.Refuse("photo", "evidence.problem_kind")
	case form.Value("people_in_it") == noConsent:
		form.Refuse("people_in_it", "evidence.problem_no_consent")
	case isPicture(raw) && form.Value("people_in_it") == "":
		form.Refuse("people_in_it", "evidence.problem_people")
	}
	if !form.OK() && !refused(form, "photo") {
		form.Refuse("photo", "evidence.problem_again")
	}
}

// newProof makes the evidence of a form's photo, ready to be saved; nil if no
// file was sent.
func newProof(d *access.Door, form *page.Form) (*core.Record, error) {
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
func attach(d *access.Door, proof, gift *core.Record) error {
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
func give(d *access.Door, gift, proof *core.Record) (*core.Record, error) {
	if proof == nil {
		return d.CreateOnce(gift)
	}
	made := gift
	err := d.Together(func(d *access.Door) (err error) {
		if made, err = d.CreateOnce(gift); err != nil || made != gift {
			return err
		}
		return attach(d, proof, gift)
	})
	return made, err
}
