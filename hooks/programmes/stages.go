package programmes

import (
	"simpul/hooks/access"
)

// Stage is one step of a programme's own service, in order.
type Stage struct {
	ID          string `db:"id"`
	Position    int    `db:"position"`
	Name        string `db:"name"`
	Description string `db:"description"`
	// Unit is what is counted in this stage, such as people or packages.
	Unit string `db:"unit_of_count"`
}

// Stages returns a programme's stages in order, none if it has not set any.
func Stages(d *access.Door, p *Programme) ([]Stage, error) {
	q, err := d.Within(p.Record, "stages")
	if err != nil {
		return nil, err
	}
	var stages []Stage
	err = q.Select("id", "position", "name", "description", "unit_of_count").
		OrderBy("position", "name").
		All(&stages)
	return stages, err
}
