import Terminal

extension Message.Content {
    /// The message in a line for a report of a crash; nil for what flows by itself.
    var crashNote: String? {
        switch self {
        case .input(.paste(let text)): "pasted \(text.utf8.count) bytes"
        case .input(let event): "input \(event.description)"
        case .resize(let size): "size \(size.width)x\(size.height)"
        case .open(let screen, let argument): "open \(screen) \(argument)"
        case .toast(_, let text): "said: \(text)"
        case .effectFailed(let sentence): "failed: \(sentence)"
        case .runOpened(let run): "read run \(run.row.identifier)"
        default: nil
        }
    }
}

extension Effect {
    /// The effect in a line for a report of a crash, without the texts that it carries.
    var crashNote: String {
        switch self {
        case .copy(_, let what): "copy \(what)"
        case .writeFile(let path, _): "write \(path)"
        case .submit(let requests): "submit \(requests.count) of \(requests.first?.method ?? "")"
        case .annotate(let runs, _, _, _): "annotate \(runs.count)"
        default: String("\(self)".prefix(160))
        }
    }
}
