package doctor

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"simpul/hooks/clock"
	"simpul/hooks/datastore"
)

const (
	// slack is how far a clock may go back without harm.
	slack = 5 * time.Minute
	// scarce and empty are how much room on the disk is little and too little, in bytes.
	scarce = 200 << 20
	empty  = 50 << 20
	// oldBackup is when a backup is too old to be a comfort.
	oldBackup = 8 * 24 * time.Hour
)

// machineClock holds the clock against the newest thing the hub has written: a
// file from the future means that the clock has been set back. Whether it is
// right to the minute cannot be known without asking others.
func (d *Doctor) machineClock(context.Context) {
	newest, err := datastore.LastTick(d.App)
	if err != nil {
		d.unread("tick", err)
		return
	}
	for _, name := range []string{"data.db", "data.db-wal"} {
		if info, err := os.Stat(filepath.Join(d.App.DataDir(), name)); err == nil && info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	if back := newest.Sub(d.Now); back > slack {
		d.say(Bad, "clock_back", "minutes", int(back.Minutes()))
		return
	}
	d.say(OK, "clock_ok", "now", d.Now.In(clock.Zone(clock.Western)).Format("2006-01-02 15:04")+" WIB")
}

// zones tells whether the zones of the country are as far from Greenwich as they are.
func (d *Doctor) zones(context.Context) {
	for i, name := range clock.Zones {
		_, offset := d.Now.In(clock.Zone(name)).Zone()
		if offset != (7+i)*3600 {
			d.say(Bad, "zones_bad", "zone", name)
			return
		}
	}
	d.say(OK, "zones_ok")
}

func (d *Doctor) disk(context.Context) {
	bytes, known := d.Free(d.App.DataDir())
	megabytes := int(bytes >> 20)
	switch {
	case !known:
		d.say(Warn, "disk_unknown")
	case bytes < empty:
		d.say(Bad, "disk_bad", "mb", megabytes)
	case bytes < scarce:
		d.say(Warn, "disk_warn", "mb", megabytes)
	default:
		d.say(OK, "disk_ok", "mb", megabytes)
	}
}

func (d *Doctor) backup(context.Context) {
	files, err := d.App.NewBackupsFilesystem()
	if err != nil {
		d.unread("backups", err)
		return
	}
	defer files.Close()
	all, err := files.List("")
	if err != nil {
		d.unread("backups", err)
		return
	}
	var newest time.Time
	for _, file := range all {
		if file.ModTime.After(newest) {
			newest = file.ModTime
		}
	}
	days := int(d.Now.Sub(newest).Hours() / 24)
	switch {
	case newest.IsZero():
		d.say(Warn, "backup_none")
	case d.Now.Sub(newest) > oldBackup:
		d.say(Warn, "backup_old", "days", days)
	default:
		d.say(OK, "backup_ok", "days", days)
	}
}
