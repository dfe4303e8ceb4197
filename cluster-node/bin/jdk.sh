# Sourced by the programs beside it, which define what a failure does: fail MESSAGE.

is_jdk_25() {
  [[ -x $1/bin/java && -x $1/bin/javac && -f $1/release ]] &&
    grep -q '^JAVA_VERSION="25[."]' "$1/release"
}

find_jdk() {
  local candidate on_path
  on_path=$(command -v javac || true)
  for candidate in "${JAVA_HOME:-}" "${on_path:+$(readlink -f -- "$on_path" | sed 's,/bin/javac$,,')}" \
      /usr/lib/jvm/*25* /opt/*25* /usr/java/*25* "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25*; do
    if [[ -n $candidate ]] && is_jdk_25 "$candidate"; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  fail "needs a JDK 25: install one (package temurin-25-jdk or openjdk-25-jdk) or set JAVA_HOME to it"
}
