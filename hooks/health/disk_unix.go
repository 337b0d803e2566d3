//go:build linux || darwin

package health

import (
	"syscall"
)

// free tells how much room people without privileges have on a disk, in bytes.
func free(dir string) (bytes uint64, known bool) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return 0, false
	}
	return stat.Bavail * uint64(stat.Bsize), true
}
