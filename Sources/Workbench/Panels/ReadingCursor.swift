/// A reading cursor over the places of a chart, which is not there until a key moves it: forward it comes in at the first place, back at the last.
enum ReadingCursor {
    /// The place after an action; nil for an action that moves no cursor.
    /// - Parameters:
    ///   - place: where it is; nil without one.
    ///   - count: places of the list, at least one.
    ///   - page: how far a page or half a page goes.
    static func moved(_ place: Int?, by action: ActionID, count: Int, page: Int) -> Int? {
        let next: Int
        switch action {
        case "right", "down", "chart.cursorForward": next = (place ?? -1) + 1
        case "left", "up", "chart.cursorBack": next = (place ?? count) - 1
        case "page.down", "half.down": next = (place ?? -1) + page
        case "page.up", "half.up": next = (place ?? count) - page
        case "first": next = 0
        case "last": next = count - 1
        default: return nil
        }
        return min(max(0, next), count - 1)
    }
}
