package programmes

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/access"
	"simpul/hooks/web"
)

// checkOwner looks at an owner who is named rather than chosen from the list. A
// name that the hub knows already chooses the organisation of that name.
func checkOwner(d *access.Door, form *web.Form) error {
	chosen, name := form.Value("owner"), form.Value("owner_name")
	switch {
	case chosen != unlisted && name != "":
		form.Refuse("owner_name", "programmes.problem_owner_twice")
		return nil
	case chosen != unlisted:
		return nil
	case name == "":
		form.Refuse("owner_name", "problem.needed")
		return nil
	}
	known, err := LookUp(d, name, form.Value("regency"))
	if err != nil {
		return err
	}
	switch {
	case known.Found != nil:
		form.Set("owner", known.Found.Id).Set("owner_name", "")
	case known.Several:
		form.Refuse("owner_name", "organisations.problem_several")
	case form.Value("owner_helix") == "":
		form.Refuse("owner_helix", "programmes.problem_owner_helix")
	}
	return nil
}

// start saves a new programme and, if it is new too, its owner: both or
// neither. A form that was sent before answers with what it made then.
func start(d *access.Door, form *web.Form) (made *core.Record, err error) {
	err = d.Together(func(inner *access.Door) error {
		if made = Sent(inner, "programmes", form); made != nil {
			return nil
		}
		programme, err := inner.New("programmes")
		if err != nil {
			return err
		}
		form.Into(programme)
		if form.Value("owner") == unlisted {
			owner, err := newOwner(inner, form)
			if err != nil {
				return err
			}
			programme.Set("owner", owner)
		}
		made = programme
		return inner.Create(programme)
	})
	return made, err
}

// newOwner records the owner, unless somebody did so a moment ago.
func newOwner(d *access.Door, form *web.Form) (id string, err error) {
	known, err := LookUp(d, form.Value("owner_name"), form.Value("regency"))
	if err != nil {
		return "", err
	}
	if known.Found != nil {
		return known.Found.Id, nil
	}
	owner, err := d.New("organisations")
	if err != nil {
		return "", err
	}
	owner.Set("name", form.Value("owner_name"))
	owner.Set("helix", form.Value("owner_helix"))
	owner.Set("province", form.Value("province"))
	owner.Set("regency", form.Value("regency"))
	err = d.Create(owner)
	return owner.Id, err
}
