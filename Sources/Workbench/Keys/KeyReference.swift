/// `docs/keys.md`, made from the key map: a test fails when the file in the checkout differs.
public enum KeyReference {
    public static func markdown(_ map: KeyMap = .standard) -> String {
        var text = """
            # Keys

            Made from the key map by `lathe keys`; do not edit. `?` shows the keys of the place where you are.

            """
        var places: [Place] = []
        for binding in map.bindings where !places.contains(binding.place) { places.append(binding.place) }
        for place in places {
            text += "\n## \(place.title)\n\n| key | does | |\n|---|---|---|\n"
            for binding in map.bindings where binding.place == place {
                let keys = binding.keys.map { "`\($0.description == "|" ? "\\|" : $0.description)`" }.joined(separator: " ")
                text += "| \(keys) | \(binding.verb) | \(binding.hint) |\n"
            }
        }
        return text
    }
}
