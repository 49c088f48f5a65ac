//go:build !linux

package keep

import "os"

func startWriting(*os.File, int64, int64) {}
