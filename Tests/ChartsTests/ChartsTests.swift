import Testing
import Charts
