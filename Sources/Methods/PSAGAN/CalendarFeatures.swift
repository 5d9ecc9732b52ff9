import Datasets
import Foundation

/// What a step of the clock is told by (section 2.1).
package enum CalendarFeatures: String, Sendable, Codable, CaseIterable {
    /// Hour, weekday, day of month, day of year and age, each about -0.5 … 0.5, as the published code has them. The last three take values in
    /// the hold-out that training never saw.
    case full
    case hourWeekday = "hour-weekday"
    /// Sine and cosine of hour of day and hour of week.
    case harmonic

    package var width: Int {
        switch self {
        case .full: 5
        case .hourWeekday: 2
        case .harmonic: 4
        }
    }

    /// The features of step `index` of a series whose first step is at `start`, seconds since 1970.
    package func features(start: Double, index: Int) -> [Double] {
        let hours = Int((start / 3600).rounded(.down)) + index, hour = ((hours % 24) + 24) % 24, day = (hours - hour) / 24
        // 1970-01-01 was a Thursday.
        let weekday = (((day + 3) % 7) + 7) % 7
        switch self {
        case .full:
            let date = TimeStamp.date(ofDay: day), dayOfYear = day - TimeStamp.dayNumber(date.year, 1, 1)
            return [Double(hour) / 23 - 0.5, Double(weekday) / 6 - 0.5, Double(date.day - 1) / 30 - 0.5, Double(dayOfYear) / 365 - 0.5, log10(2 + Double(max(0, index)))]
        case .hourWeekday: return [Double(hour) / 23 - 0.5, Double(weekday) / 6 - 0.5]
        case .harmonic: return Self.harmonics(hour: hour, weekday: weekday)
        }
    }

    /// Sine and cosine of hour of day and of hour of week: also what the forecaster reads.
    static func harmonics(hour: Int, weekday: Int) -> [Double] {
        let day = 2 * Double.pi * Double(hour) / 24, week = 2 * Double.pi * Double(24 * weekday + hour) / 168
        return [sin(day), cos(day), sin(week), cos(week)]
    }
}
