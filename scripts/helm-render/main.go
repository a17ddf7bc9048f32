// Renders a Helm chart as `helm template` does, for machines that have Go and Debian's sprig but no helm: what the chart's templates are given (values, release, chart,
// capabilities, files) and the functions that Helm adds to sprig's. No subcharts, no cluster to look things up in. Where a machine has helm, scripts/deploy-tools.sh takes that.
//
//	helm-render [-f VALUES.yaml]... [-release NAME] [-namespace N] [-notes] CHART
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"sigs.k8s.io/yaml"
)

type list []string

func (l *list) String() string     { return strings.Join(*l, ",") }
func (l *list) Set(v string) error { *l = append(*l, v); return nil }

func main() {
	var files list
	flag.Var(&files, "f", "file of values, over the chart's own; may be repeated")
	release := flag.String("release", "polysync", "name of the release")
	namespace := flag.String("namespace", "default", "namespace of the release")
	notes := flag.Bool("notes", false, "print the notes in the place of the manifests")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "helm-render: name one chart's folder")
		os.Exit(2)
	}
	if err := render(flag.Arg(0), files, *release, *namespace, *notes); err != nil {
		fmt.Fprintln(os.Stderr, "helm-render:", err)
		os.Exit(1)
	}
}

func render(chart string, files []string, release, namespace string, notes bool) error {
	about := map[string]interface{}{}
	if err := read(filepath.Join(chart, "Chart.yaml"), &about); err != nil {
		return err
	}
	values := map[string]interface{}{}
	if err := read(filepath.Join(chart, "values.yaml"), &values); err != nil {
		return err
	}
	for _, file := range files {
		more := map[string]interface{}{}
		if err := read(file, &more); err != nil {
			return err
		}
		merge(values, more)
	}

	// Chart's fields begin with a capital in templates, as the fields of Helm's type do.
	capital := map[string]interface{}{}
	for key, value := range about {
		if key == "apiVersion" {
			key = "APIVersion"
		}
		capital[strings.ToUpper(key[:1])+key[1:]] = value
	}
	top := map[string]interface{}{
		"Values": values, "Chart": capital, "Files": map[string]interface{}{},
		"Release":      map[string]interface{}{"Name": release, "Namespace": namespace, "Service": "Helm", "Revision": 1, "IsInstall": true, "IsUpgrade": false},
		"Capabilities": map[string]interface{}{"KubeVersion": map[string]interface{}{"Version": "v1.31.0", "Major": "1", "Minor": "31"}},
	}

	templates, err := parse(chart, about["name"].(string))
	if err != nil {
		return err
	}
	for _, t := range templates.sorted() {
		base := filepath.Base(t)
		if strings.HasPrefix(base, "_") || (base == "NOTES.txt") != notes {
			continue
		}
		top["Template"] = map[string]interface{}{"Name": t, "BasePath": about["name"].(string) + "/templates"}
		var out bytes.Buffer
		if err := templates.root.ExecuteTemplate(&out, t, top); err != nil {
			return err
		}
		// Helm prints <no value> of a missing value as nothing.
		text := strings.ReplaceAll(out.String(), "<no value>", "")
		if strings.TrimSpace(text) == "" {
			continue
		}
		if !notes {
			fmt.Printf("---\n# Source: %s\n", t)
		}
		fmt.Println(strings.TrimSpace(text))
	}
	return nil
}

type set struct {
	root  *template.Template
	names []string
}

func (s *set) sorted() []string { sort.Strings(s.names); return s.names }

func parse(chart, name string) (*set, error) {
	s := &set{root: template.New("chart").Option("missingkey=zero")}
	s.root.Funcs(functions(s.root))
	folder := filepath.Join(chart, "templates")
	err := filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		full := name + "/templates/" + filepath.ToSlash(relative)
		if _, err := s.root.New(full).Parse(string(text)); err != nil {
			return err
		}
		s.names = append(s.names, full)
		return nil
	})
	return s, err
}

func functions(root *template.Template) template.FuncMap {
	f := sprig.TxtFuncMap()
	// Helm takes these away: a chart does not see the machine that renders it.
	delete(f, "env")
	delete(f, "expandenv")
	f["include"] = func(name string, data interface{}) (string, error) {
		var out strings.Builder
		err := root.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	f["tpl"] = func(text string, data interface{}) (string, error) {
		clone, err := root.Clone()
		if err != nil {
			return "", err
		}
		t, err := clone.New("tpl").Parse(text)
		if err != nil {
			return "", err
		}
		var out strings.Builder
		err = t.Execute(&out, data)
		return out.String(), err
	}
	f["required"] = func(warning string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, errors.New(warning)
		}
		return value, nil
	}
	f["fail"] = func(message string) (string, error) { return "", errors.New(message) }
	f["lookup"] = func(string, string, string, string) map[string]interface{} { return map[string]interface{}{} }
	f["toYaml"] = func(value interface{}) string {
		text, err := yaml.Marshal(value)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(string(text), "\n")
	}
	f["fromYaml"] = func(text string) map[string]interface{} {
		value := map[string]interface{}{}
		if err := yaml.Unmarshal([]byte(text), &value); err != nil {
			value["Error"] = err.Error()
		}
		return value
	}
	f["toJson"] = func(value interface{}) string {
		text, err := json.Marshal(value)
		if err != nil {
			return ""
		}
		return string(text)
	}
	f["fromJson"] = func(text string) map[string]interface{} {
		value := map[string]interface{}{}
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			value["Error"] = err.Error()
		}
		return value
	}
	return f
}

func read(file string, into *map[string]interface{}) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// As Helm lays values over values: maps together, all else replaced, null takes away.
func merge(under, over map[string]interface{}) {
	for key, value := range over {
		if value == nil {
			delete(under, key)
			continue
		}
		have, isMap := under[key].(map[string]interface{})
		more, both := value.(map[string]interface{})
		if isMap && both {
			merge(have, more)
		} else {
			under[key] = value
		}
	}
}
