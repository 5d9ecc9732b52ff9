/// The cursor of a list: moves by the keys of `ListKeys`. What part shows follows from the cursor and the height alone.
public struct ListCursor: Sendable, Equatable {
    public var index = 0

    public init() {}

    /// - Parameters:
    ///   - count: rows in the list.
    ///   - page: rows that show at once.
    /// - Returns: true where the action moved in the list.
    public mutating func handle(_ action: ActionID, count: Int, page: Int) -> Bool {
        switch action {
        case "down": index += 1
        case "up": index -= 1
        case "first": index = 0
        case "last": index = count - 1
        case "page.down": index += max(1, page - 1)
        case "page.up": index -= max(1, page - 1)
        case "half.down": index += max(1, page / 2)
        case "half.up": index -= max(1, page / 2)
        default: return false
        }
        clamp(count)
        return true
    }

    public mutating func clamp(_ count: Int) { index = max(0, min(index, count - 1)) }

    /// The first row that shows: the cursor stays near the middle while rows are left on both sides.
    public func firstRow(count: Int, height: Int) -> Int { max(0, min(index - height / 2, count - height)) }
}
