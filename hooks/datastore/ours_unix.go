//go:build unix

package datastore

import (
	"io/fs"
	"os"
	"syscall"
)

// ours reports whether a file belongs to the account of this process.
func ours(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Getuid()
}
