package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"mirabilia/internal/web/assets"
)

// cutFaces runs faces.mjs, which cuts the npm packages' faces to what pages
// use, unless what it wrote last was made by the same program from the same
// packages.
func cutFaces(root, to string) error {
	modules := filepath.Join(root, "node_modules")
	if _, err := os.Stat(filepath.Join(modules, "subset-font")); err != nil {
		return errors.New("npm packages are missing: run npm ci --ignore-scripts first")
	}
	program := filepath.Join(root, "internal", "web", "assets", "build", "faces.mjs")
	sum := sha256.New()
	for _, file := range []string{program, filepath.Join(root, "package-lock.json")} {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		_, _ = sum.Write(data) // a hash takes all
	}
	stamp, made := filepath.Join(to, "made-from"), hex.EncodeToString(sum.Sum(nil))
	if was, err := os.ReadFile(stamp); err == nil && string(was) == made {
		return nil
	}
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	cmd := exec.Command("node", program, modules, to)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("cutting the faces: %w", err)
	}
	return os.WriteFile(stamp, []byte(made), 0o644)
}

// copyWords puts the faces that words in pictures are drawn from beside the
// bundles. No address leads to them.
func copyWords(from, to string, m *assets.Manifest) error {
	raw, err := os.ReadFile(filepath.Join(from, "list.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &m.Words); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(to, assets.WordsDir), 0o755); err != nil {
		return err
	}
	for _, name := range m.Words {
		data, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, assets.WordsDir, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}
