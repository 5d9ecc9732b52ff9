/// What stops a run: one sentence with the way out.
struct TransEncoderError: Error, CustomStringConvertible, Equatable {
    var description: String
    init(_ sentence: String) { description = sentence }
}
