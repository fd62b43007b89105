// Loads an index.yaml as Helm does, and says how many versions it lists: what trueup's reader is measured against.
package main

import (
	"fmt"
	"os"

	"helm.sh/helm/v3/pkg/repo"
)

func main() {
	index, err := repo.LoadIndexFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	versions := 0
	for _, list := range index.Entries {
		versions += len(list)
	}
	fmt.Println(versions, "versions of", len(index.Entries), "charts")
}
