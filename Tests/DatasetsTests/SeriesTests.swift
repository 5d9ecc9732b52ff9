import Datasets
import Foundation
import Testing

/// Series over time, from published tables, a user's own and the generator.
@Suite struct SeriesTests {
    func added(_ text: String) throws -> SeriesDataset { try imported(["load.csv": Array(text.utf8)], layout: .series, kind: .series) }

    func failure(_ text: String) -> String { #expect(throws: DatasetError.self) { try added(text) }?.description ?? "" }

    @Test func `columns are series, a column of stamps is the clock`() throws {
        let read = try added("date,a,b\n2016-07-01 00:00,1,5\n2016-07-01 00:15,2,5\n2016-07-01 00:30,-3.5,5\n")
        #expect(read.names == ["a", "b"] && read.values == [[1, 2, -3.5], [5, 5, 5]] && read.step == 900 && read.start == 1_467_331_200)
        #expect(read.notes == ["1 series never change"])
        let bare = try added("1,2\n3,4\n")
        #expect(bare.names == ["series 1", "series 2"] && bare.values == [[1, 3], [2, 4]] && bare.start == nil && bare.notes.contains { $0.contains("the order of the rows is the clock") })
        #expect(try added("time,x\n0,1\n60,2\n120,3\n").step == 60)
    }

    @Test func `bad cells and stamps are named with line and what to do`() {
        #expect(failure("date,a\n2016-07-01 00:00,1\n2016-07-01 01:00,x\n").contains("load.csv, line 3: column a holds \"x\", which is no number"))
        #expect(failure("date,a\n2016-07-01 00:00,1\n2016-07-01 01:00,\n").contains("line 3: column a is empty; fill the gap"))
        #expect(failure("date,a\n2016-07-01 00:00,1\n2016-07-01 01:00,inf\n").contains("line 3: column a is not finite"))
        #expect(failure("date,a\n2016-07-01 00:00,1\n2016-07-01 01:00,2,3\n").contains("line 3: has 3 cells where 2 are expected"))
        #expect(failure("date,a\n2016-07-01 00:00,1\n2016-07-01 00:00,2\n").contains("line 3: the time stamp repeats that of line 2"))
        #expect(failure("date,a\n2016-07-01 02:00,1\n2016-07-01 01:00,2\n").contains("line 3: the time stamp lies before that of line 2"))
        #expect(failure("date,a\n2016-07-01 00:00,1\n2016-07-01 01:00,2\n2016-07-01 03:00,2\n").contains("line 4: comes 7200 s after line 3 where steps are 3600 s; fill in what is missing, or drop the column"))
        #expect(failure("date,a\n2016-07-01T00:00Z,1\n2016-07-01T01:00,2\n").contains("line 3: names no time zone"))
        #expect(failure("time,a\n-1.7e308,1\n1.7e308,2\n").contains("line 3: comes too long after line 2 to be counted"))
        #expect(failure("date,a\nyesterday,1\n").contains("line 2: the time stamp \"yesterday\""))
        #expect(failure("date\n2016-07-01 00:00\n").contains("has no column besides the clock"))
        #expect(failure("").contains("has no rows"))
    }

    @Test func `Auckland ships with its counts, the order of the rows as the clock`() throws {
        let counts = try DatasetLibrary(folders: []).open("auckland-pedestrians", as: SeriesDataset.self)
        #expect(counts.count == 21 && counts.values.allSatisfy { $0.count == 8783 } && counts.names[0] == "1 Courthouse Lane" && counts.values[0][0] == 23)
        #expect(counts.preview().facts.contains { $0.name == "from" && $0.value.hasPrefix("2024-01-01 06:00:00") })
    }

    @Test(.enabled(if: TestData.folder != nil, "needs the folder of test data (LATHE_TEST_DATA)"))
    func `ETTh1 and the hourly part of M4 have their published counts`() throws {
        let load = try TestData.library.open("etth", as: SeriesDataset.self)
        #expect(load.names == ["HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT"] && load.length == 17_420 && load.step == 3600)
        #expect(load.preview().facts.contains { $0.value == "2016-07-01 00:00:00 to 2018-06-26 19:00:00" })
        let hourly = try TestData.library.open("m4-hourly", as: SeriesDataset.self)
        #expect(hourly.count == 414 && hourly.values.count { $0.count == 700 } == 169 && hourly.values.count { $0.count == 960 } == 245)
        #expect(hourly.continuations.count == 414 && hourly.continuations.allSatisfy { $0.count == 48 } && hourly.names[0] == "H1")
    }

    @Test func `the generated series have a day, a week and kinds, the same each time`() throws {
        let series = try DatasetLibrary(folders: []).open("hourly-seasonal", as: SeriesDataset.self)
        #expect(series.count == 24 && series.values.allSatisfy { $0.count == 1500 })
        #expect(try SeasonalSeries.standard.generate(identifier: "hourly-seasonal", seed: 1).values == series.values)
        #expect(try SeasonalSeries.standard.generate(identifier: "hourly-seasonal", seed: 2).values != series.values)
        for values in series.values {
            // A day later the series is alike, half a day later it is not.
            let mean = values.reduce(0, +) / 1500
            func correlation(_ lag: Int) -> Double {
                let pairs = zip(values, values.dropFirst(lag)).map { ($0 - mean) * ($1 - mean) }
                return pairs.reduce(0, +) / values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
            }
            #expect(correlation(24) > 0.35 && correlation(24) > correlation(12))
        }
    }
}
