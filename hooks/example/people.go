package example

import (
	"github.com/pocketbase/pocketbase/core"

	"simpul/hooks/lang"
)

// Person is somebody the demonstration can be signed in as.
type Person struct {
	Name      string // the position, since examples have no persons
	Position  string // the office in full; empty for the administrator
	Email     string
	Password  string // as loaded; the account may have been given another since
	Role      string // code: initiator, partner, coordinator, observer or administrator
	Programme string // name of the programme; empty for the administrator
}

// Title says in Indonesian who this is, such as "Inisiator KOPI REHAT".
func (p Person) Title() string {
	if p.Programme == "" {
		return lang.T("id", "example."+p.Role)
	}
	return lang.T("id", "example."+p.Role, "programme", p.Programme)
}

// signIn is one line of the list of people in people.json.
type signIn struct {
	Role          string
	Programme     string
	User          string
	Administrator string
}

// People lists whom one can sign in as, in the order in which a newcomer should try them. It is empty when the
// examples are not loaded.
func People(app core.App) []Person {
	var list struct {
		SignIn []signIn `json:"sign_in"`
	}
	if err := read("people.json", &list); err != nil {
		return nil
	}
	people := []Person{}
	for _, line := range list.SignIn {
		if person, there := line.person(app); there {
			people = append(people, person)
		}
	}
	return people
}

func (s signIn) person(app core.App) (person Person, there bool) {
	collection, key := "users", s.User
	if s.Administrator != "" {
		collection, key = core.CollectionNameSuperusers, s.Administrator
	}
	account, err := app.FindRecordById(collection, idOf(collection, key))
	if err != nil || account.GetBool("disabled") {
		return Person{}, false
	}
	person = Person{
		Name:     account.GetString("name"),
		Position: account.GetString("position"),
		Email:    account.Email(),
		Password: password,
		Role:     s.Role,
	}
	if account.IsSuperuser() {
		person.Name = person.Title()
		return person, true
	}
	programme, err := app.FindRecordById("programmes", idOf("programmes", s.Programme))
	if err != nil {
		return Person{}, false
	}
	person.Programme = programme.GetString("name")
	return person, true
}
