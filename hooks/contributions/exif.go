package contributions

import (
	"bytes"
	"encoding/binary"
)

// orientationTag is the entry in which cameras write how they were held.
const orientationTag = 0x0112

// orientation returns how a JPEG wants to be turned, 1 to 8; 1, which is as it
// is, when the file does not say. It believes nothing: lengths and places in
// the file are checked before they are followed.
func orientation(raw []byte) int {
	block := exif(raw)
	if len(block) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(block[:2]) == "MM" {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(block[4:]))
	if at+2 > int64(len(block)) {
		return 1
	}
	entries := block[at+2:]
	for range order.Uint16(block[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == orientationTag {
			return turn(int(order.Uint16(entries[8:])))
		}
		entries = entries[12:]
	}
	return 1
}

func turn(how int) int {
	if how < 1 || how > 8 {
		return 1
	}
	return how
}

// exif returns the block that a camera writes into a JPEG, nil if there is none.
func exif(raw []byte) []byte {
	if !bytes.HasPrefix(raw, []byte{0xFF, 0xD8}) {
		return nil
	}
	rest := raw[2:]
	for len(rest) >= 4 && rest[0] == 0xFF {
		marker, length := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xDA || length < 2 || length+2 > len(rest) {
			return nil
		}
		segment := rest[4 : length+2]
		if marker == 0xE1 && bytes.HasPrefix(segment, []byte("Exif\x00\x00")) {
			return segment[6:]
		}
		rest = rest[length+2:]
	}
	return nil
}
