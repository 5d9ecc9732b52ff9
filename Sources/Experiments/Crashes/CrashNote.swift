extension RunEvent.Payload {
    /// The event in a line for a report of a crash; nil for what comes too often to tell anything.
    var crashNote: String? {
        switch self {
        case .metric: nil
        case .started(let start): "started: \(start.request.method) on \(start.request.dataset), seed \(start.request.seed) \(start.request.condition)"
        case .stage(let stage): "stage \(stage.name), \(stage.index) of \(stage.of)"
        case .progress(let progress): "\(progress.done) of \(progress.total) \(progress.unit)"
        case .note(let message), .warning(let message), .failed(let message), .cancelled(let message): "\(kind): \(message.text)"
        case .checkpoint(let mark): "checkpoint \(mark.name), \(mark.bytes) bytes"
        case .artifact(let mark): "artifact \(mark.name), \(mark.bytes) bytes"
        default: kind
        }
    }
}
