import Charts
import Terminal
